package dev.polyptych.store;

/** Whether a change was made. */
public enum Verdict {
  DONE,
  /** Another attempt holds, or the job is settled: whoever asked must stop working on it. */
  STALE,
  UNKNOWN
}
