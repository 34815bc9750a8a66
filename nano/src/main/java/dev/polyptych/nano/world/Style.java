package dev.polyptych.nano.world;

/** How the subject's contour is drawn; an open attribute. */
public enum Style {
  /** No contour. */
  PLAIN,
  /** A thick white contour with a fine grey rim, so that it shows on white ground too. */
  STICKER,
  /** A thick black contour. */
  INKED
}
