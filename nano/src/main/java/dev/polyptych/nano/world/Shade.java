package dev.polyptych.nano.world;

import java.awt.Color;

/** What colour the subject is tinted in; an open attribute. */
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
