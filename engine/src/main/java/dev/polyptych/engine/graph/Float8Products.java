package dev.polyptych.engine.graph;

import java.util.Locale;

/** How the transformer multiplies with float8 weights. */
public enum Float8Products {
  /** In float8 if a trial product on the device succeeds, else WIDENED. */
  AUTO,
  /** Weights are widened before each product. */
  WIDENED,
  /** In float8. A CPU emulates it, slowly. */
  SCALED;

  /** Its name in options and logs, for example {@code widened}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
