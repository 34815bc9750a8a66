package dev.polyptych.schema.error;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Limits that may be reached for a while. All except the last apply to each tenant. */
public enum Limit {
  /** Rate of submissions. It refills the burst. */
  @JsonProperty("submissionsPerSecond")
  SUBMISSIONS_PER_SECOND("submissionsPerSecond", ErrorCode.RATE_EXCEEDED),
  /** Jobs that are not settled. */
  @JsonProperty("queuedJobs")
  QUEUED_JOBS("queuedJobs", ErrorCode.QUEUED_JOBS_EXCEEDED),
  /** Estimated GPU-seconds of those jobs, from when they were submitted. */
  @JsonProperty("gpuSeconds")
  GPU_SECONDS("gpuSeconds", ErrorCode.GPU_SECONDS_EXCEEDED),
  /** Bytes of stored pictures. */
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

  /** The code of the problem if the limit is reached. */
  public ErrorCode code() {
    return code;
  }
}
