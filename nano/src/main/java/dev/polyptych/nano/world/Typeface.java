package dev.polyptych.nano.world;

/** How a letter is drawn; an open attribute. Emoji have none. */
public enum Typeface {
  /** Thick strokes with round ends. */
  ROUND,
  /** Thinner strokes with flat ends, leaning to the right. */
  SLANTED,
  /** Double strokes: a light line inside a dark one. */
  INLINE
}
