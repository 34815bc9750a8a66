package dev.polyptych.engine.plan;

import java.util.Locale;

/** How a sheet is decoded. */
public enum Decoding {
  /** In one piece. */
  WHOLE,
  /**
   * The finer resolutions in overlapping strips: less memory, a little more time. Norms see the
   * whole sheet, so the picture is the same but for the last digits of its values.
   */
  STRIPS;

  /** Rows of a strip. */
  public static final int ROWS = 64;

  /** As text for logs. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
