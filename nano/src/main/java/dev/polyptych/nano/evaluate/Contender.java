package dev.polyptych.nano.evaluate;

import java.util.Locale;

/** Who draws the sets that are compared. */
public enum Contender {
  /** The model alone, which lets open attributes drift. */
  BASE,
  /** The model with the task's adapter. */
  ADAPTER;

  /** For figures and tables: {@code base}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
