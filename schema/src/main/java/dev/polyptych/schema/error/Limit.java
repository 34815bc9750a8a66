package dev.polyptych.schema.error;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What may be used up for the moment; all but the last are a tenant's own. */
public enum Limit {
  /** Of the submissions that may come at once; they come back at that rate. */
  @JsonProperty("submissionsPerSecond")
  SUBMISSIONS_PER_SECOND("submissionsPerSecond", ErrorCode.RATE_EXCEEDED),
  /** Jobs that are not settled. */
  @JsonProperty("queuedJobs")
  QUEUED_JOBS("queuedJobs", ErrorCode.QUEUED_JOBS_EXCEEDED),
  /** What those jobs need, as estimated when they came. */
  @JsonProperty("gpuSeconds")
  GPU_SECONDS("gpuSeconds", ErrorCode.GPU_SECONDS_EXCEEDED),
  /** Bytes of pictures kept. */
  @JsonProperty("referenceBytes")
  REFERENCE_BYTES("referenceBytes", ErrorCode.REFERENCE_BYTES_EXCEEDED),
  /** Jobs of all tenants in one lane that are not settled. */
  @JsonProperty("laneJobs")
  LANE_JOBS("laneJobs", ErrorCode.LANE_FULL);

  private final String text;
  private final ErrorCode code;

  Limit(String text, ErrorCode code) {
    this.text = text;
    this.code = code;
  }

  /** As written in problem documents, metrics and configuration. */
  public String text() {
    return text;
  }

  /** Of the problem when it is hit. */
  public ErrorCode code() {
    return code;
  }
}
