package dev.polyptych.nano.world;

import java.util.Objects;

/** The content of a panel, without the small jitter of its seed. */
public record Panel(StatedAttributes stated, OpenAttributes open) {

  /** Neither may be missing. */
  public Panel {
    Objects.requireNonNull(stated, "stated");
    Objects.requireNonNull(open, "open");
  }

  public Subject subject() {
    return stated.subject();
  }

  public Place place() {
    return stated.place();
  }
}
