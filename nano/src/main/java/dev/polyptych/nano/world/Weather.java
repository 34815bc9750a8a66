package dev.polyptych.nano.world;

/** The weather of a scene. */
public enum Weather {
  CLEAR,
  /** Ochre dust drifts over the whole panel. */
  SANDSTORM
}
