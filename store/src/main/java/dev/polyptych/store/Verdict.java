package dev.polyptych.store;

/** Whether a change was made. */
public enum Verdict {
  DONE,
  /** Another attempt holds, or the job has settled otherwise: the caller must stop work on it. */
  STALE,
  /** The job was cancelled: the caller must stop work on it. */
  CANCELLED,
  UNKNOWN
}
