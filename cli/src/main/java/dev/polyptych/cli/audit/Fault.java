package dev.polyptych.cli.audit;

import java.util.Locale;

/** A state of a job that must never occur. */
public enum Fault {
  LOST("was accepted or enqueued and settled, and Redis has no trace of it"),
  STRANDED("is open, and no record on Kafka will bring it to an end"),
  WITHOUT_RESULT("is done, and images are missing"),
  ENDED_TWICE("has more than one end in its event stream"),
  STRAY_RESULT("is not done, and has images"),
  CONTRADICTORY("has different ends in record, event stream and tombstone"),
  WITHOUT_LETTER("failed for good in a worker, and has no dead letter");

  private final String meaning;

  Fault(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }

  /** As reports write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
