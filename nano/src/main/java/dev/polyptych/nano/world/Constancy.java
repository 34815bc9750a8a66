package dev.polyptych.nano.world;

/** How the open attributes of a set's panels hang together. */
public enum Constancy {
  /** Drawn anew for every panel: what the base model learns. */
  DRIFTING,
  /** For each attribute a coin decides: once for the whole set, or anew for every panel. */
  PARTLY_AGREEING,
  /** Drawn once for the whole set: what a task adapter is tuned on. */
  AGREEING
}
