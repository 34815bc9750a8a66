package dev.polyptych.store;

/** Whether a change was made. */
public enum Verdict {
  DONE,
  /** Another attempt holds the job, or the job has settled. The caller must stop its work. */
  STALE,
  /** The job was cancelled. The caller must stop its work. */
  CANCELLED,
  UNKNOWN
}
