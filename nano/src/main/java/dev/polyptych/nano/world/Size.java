package dev.polyptych.nano.world;

import java.util.Locale;

/** How large the subject stands in a scene. */
public enum Size {
  BIG(0.76),
  SMALL(0.54);

  private final double extent;

  Size(double extent) {
    this.extent = extent;
  }

  String phrase() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The subject's longer side, as a fraction of the panel's height. */
  double extent() {
    return extent;
  }
}
