package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.catalog.Layout;
import java.util.Optional;

/**
 * What a submission would be made into, without being one.
 *
 * @param tokens image tokens of the whole sheet
 * @param gpuSeconds estimated; absent where nobody knows yet
 */
public record ResolvedJob(
    @JsonProperty("v") int version,
    String task,
    String adapter,
    Lane lane,
    ImageFormat format,
    Layout layout,
    int tokens,
    Sampling sampling,
    Optional<Double> gpuSeconds) {

  public static ResolvedJob of(RenderJob job, Optional<Double> gpuSeconds) {
    return new ResolvedJob(
        1,
        job.task(),
        job.adapter(),
        job.lane(),
        job.format(),
        job.layout(),
        job.layout().tokens(),
        job.sampling(),
        gpuSeconds);
  }
}
