package dev.polyptych.nano.world;

/** How the open attributes of a set's panels hang together. */
public enum Constancy {
  /** Drawn anew for every panel: what the base model learns. */
  DRIFTING,
  /** Drawn once for the whole set: what a task adapter is tuned on. */
  AGREEING
}
