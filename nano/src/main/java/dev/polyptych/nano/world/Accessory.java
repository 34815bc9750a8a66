package dev.polyptych.nano.world;

/** What an emoji wears; an open attribute. Letters wear nothing. */
public enum Accessory {
  NONE,
  /** Black, on the top of the cut-out. */
  TOP_HAT,
  /** White with a dark outline, at the cut-out's lower middle. */
  BOW_TIE
}
