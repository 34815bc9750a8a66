package dev.polyptych.nano.world;

import java.awt.Color;
import java.util.Objects;

/**
 * The attributes that no caption states. A model is free in them; a task adapter makes the panels
 * of a set agree.
 *
 * @param accessory has no effect on letters
 * @param typeface has no effect on emoji
 */
public record OpenAttributes(Shade shade, Style style, Accessory accessory, Typeface typeface) {

  /** None may be missing. */
  public OpenAttributes {
    Objects.requireNonNull(shade, "shade");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(accessory, "accessory");
    Objects.requireNonNull(typeface, "typeface");
  }

  /**
   * Whether both give the same picture of this subject: they agree in all attributes that are
   * visible in it.
   */
  public boolean agrees(OpenAttributes other, Subject subject) {
    return shade == other.shade
        && style == other.style
        && (subject.letter() ? typeface == other.typeface : accessory == other.accessory);
  }

  /** The accessory of an emoji; an open attribute. Letters have none. */
  public enum Accessory {
    NONE,
    /** Black, on the top of the cut-out. */
    TOP_HAT,
    /** White with a dark outline, at the cut-out's lower middle. */
    BOW_TIE
  }

  /** The colour of the subject; an open attribute. */
  public enum Shade {
    RED(0xE0201C),
    GOLD(0xF2B600),
    GREEN(0x1FA238),
    BLUE(0x1E62E8),
    VIOLET(0xA02BD6);

    private final Color colour;

    Shade(int rgb) {
      this.colour = new Color(rgb);
    }

    Color colour() {
      return colour;
    }
  }

  /** The contour of the subject; an open attribute. */
  public enum Style {
    /** No contour. */
    PLAIN,
    /** A thick white contour with a thin grey rim, which makes it visible on white ground. */
    STICKER,
    /** A thick black contour. */
    INKED
  }

  /** The typeface of a letter; an open attribute. Emoji have none. */
  public enum Typeface {
    /** Thick strokes with round ends. */
    ROUND,
    /** Thinner strokes with flat ends, leaning to the right. */
    SLANTED,
    /** Double strokes: a light line inside a dark one. */
    INLINE
  }
}
