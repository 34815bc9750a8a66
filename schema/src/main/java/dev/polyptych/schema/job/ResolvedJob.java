package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import dev.polyptych.schema.catalog.TextReading;
import java.util.Optional;

/**
 * The job that a submission would create. Nothing is submitted.
 *
 * @param tokens image tokens of the whole sheet
 * @param reference how the references steer the other panels; absent without references
 * @param text how much of the texts the model reads; absent if the dispatcher lacks its tokenizers
 * @param estimate as if it were submitted now; absent before any worker has measured a job
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
    Optional<ReferenceMethod> reference,
    Optional<TextReading> text,
    Optional<JobEstimate> estimate) {

  public static ResolvedJob of(RenderJob job, Optional<JobEstimate> estimate) {
    return new ResolvedJob(
        1,
        job.task(),
        job.adapter(),
        job.lane(),
        job.format(),
        job.layout(),
        job.tokens(),
        job.sampling(),
        job.pins().reference(),
        job.text(),
        estimate);
  }
}
