package dev.polyptych.cli.audit;

import java.util.Locale;

/** What must never be. */
public enum Fault {
  LOST("was accepted or enqueued, and no trace of it is left in Redis"),
  STRANDED("is open, and no record that would bring it to its end waits on Kafka"),
  WITHOUT_RESULT("is done, and images of it are missing"),
  ENDED_TWICE("was told more than one end"),
  STRAY_RESULT("is not done, and there are images of it"),
  CONTRADICTORY("has a record, an event stream and a tombstone that tell different ends"),
  WITHOUT_LETTER("failed for good in a worker, and no dead letter tells of it");

  private final String meaning;

  Fault(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }

  /** As written in reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
