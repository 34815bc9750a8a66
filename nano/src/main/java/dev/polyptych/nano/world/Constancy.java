package dev.polyptych.nano.world;

/** How the open attributes of a set's panels relate to each other. */
public enum Constancy {
  /** Drawn again for every panel. The base model learns this. */
  DRIFTING,
  /** For each attribute a coin decides: once for the whole set, or anew for every panel. */
  PARTLY_AGREEING,
  /** Drawn once for the whole set. Task adapters are tuned on this. */
  AGREEING
}
