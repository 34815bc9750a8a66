package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.polyptych.schema.catalog.TextReading;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its caller sees it: the job record without the request's texts. Its JSON is flat: the
 * parts are grouped here only.
 *
 * @param estimate made at acceptance, unless a caller replaced it with a newer one
 * @param place partition and offset of the first Kafka record; empty after a retry
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobStatus(
    @JsonProperty("v") int version,
    String id,
    @JsonUnwrapped Category category,
    @JsonUnwrapped AttemptState progress,
    @JsonUnwrapped Output output,
    Times times,
    Optional<JobError> error,
    @JsonUnwrapped Context context,
    Optional<JobEstimate> estimate,
    @JsonIgnore Optional<QueuePlace> place) {

  public JobStatus {
    // The JSON does not hold it, so it is absent when it is read from there.
    place = place == null ? Optional.empty() : place;
  }

  /**
   * What lists and metrics group jobs by.
   *
   * @param base id of the model that draws it; absent for a job of an older version
   * @param adapter names of its adapters, joined with +
   * @param adapterKey what workers know them by, joined likewise; the names where it is not known
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Category(
      String task,
      Optional<String> base,
      String adapter,
      @JsonIgnore String adapterKey,
      String tenant,
      Lane lane) {
    public Category {
      base = base == null ? Optional.empty() : base;
      adapterKey = adapterKey == null ? adapter : adapterKey;
    }
  }

  /**
   * How far the job is.
   *
   * @param attempt number of the current or last attempt; 0 before the first
   * @param nextAttemptAt earliest time of the next attempt after a failure; absent after it starts
   * @param lastError why the previous attempt failed; absent after the job has settled
   * @param worker that renders or rendered it
   * @param step denoising steps completed in that attempt
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record AttemptState(
      JobState state,
      @JsonInclude int attempt,
      Optional<Instant> nextAttemptAt,
      Optional<JobError> lastError,
      Optional<String> worker,
      @JsonInclude int step) {}

  /**
   * What is drawn.
   *
   * @param panels how many panels the set has
   * @param text how much of the texts the model reads; absent if it was not counted
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Output(
      int steps, int panels, ImageFormat format, long seed, Optional<TextReading> text) {}

  /** When the job entered its states; absent where it has not. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Times(
      Instant accepted,
      Optional<Instant> queued,
      Optional<Instant> started,
      Optional<Instant> finished,
      Optional<Deadline> deadline) {}

  /**
   * How the caller identifies the job.
   *
   * @param batch with which it was submitted
   * @param rerollOf the job of which a panel is drawn again
   * @param label a short name for people
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Context(
      Map<String, String> metadata,
      Optional<String> batch,
      Optional<String> rerollOf,
      Optional<String> label) {}

  /** The same job with a newer estimate. */
  public JobStatus withEstimate(Optional<JobEstimate> newer) {
    return new JobStatus(
        version, id, category, progress, output, times, error, context, newer, place);
  }

  public String task() {
    return category.task();
  }

  public Optional<String> base() {
    return category.base();
  }

  public String adapter() {
    return category.adapter();
  }

  public String adapterKey() {
    return category.adapterKey();
  }

  public String tenant() {
    return category.tenant();
  }

  public Lane lane() {
    return category.lane();
  }

  public JobState state() {
    return progress.state();
  }

  public int attempt() {
    return progress.attempt();
  }

  public Optional<Instant> nextAttemptAt() {
    return progress.nextAttemptAt();
  }

  public Optional<JobError> lastError() {
    return progress.lastError();
  }

  public Optional<String> worker() {
    return progress.worker();
  }

  public int step() {
    return progress.step();
  }

  public int steps() {
    return output.steps();
  }

  public int panels() {
    return output.panels();
  }

  public ImageFormat format() {
    return output.format();
  }

  public long seed() {
    return output.seed();
  }

  public Optional<TextReading> text() {
    return output.text();
  }

  public Map<String, String> metadata() {
    return context.metadata();
  }
}
