package dev.polyptych.nano.world;

import java.util.Objects;

/**
 * What no caption says: a model is free in them, a task adapter makes the panels of a set agree.
 *
 * @param accessory without effect on letters
 * @param typeface without effect on emoji
 */
public record OpenAttributes(Shade shade, Style style, Accessory accessory, Typeface typeface) {

  /** None may be missing. */
  public OpenAttributes {
    Objects.requireNonNull(shade, "shade");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(accessory, "accessory");
    Objects.requireNonNull(typeface, "typeface");
  }

  /** Whether both draw this subject alike, that is, agree in all that shows in it. */
  public boolean agrees(OpenAttributes other, Subject subject) {
    return shade == other.shade
        && style == other.style
        && (subject.letter() ? typeface == other.typeface : accessory == other.accessory);
  }
}
