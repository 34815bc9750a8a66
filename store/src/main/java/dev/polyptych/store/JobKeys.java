package dev.polyptych.store;

/**
 * Redis keys of one job; all carry the hash tag {@code {id}}, so a script may touch them together.
 */
record JobKeys(String id) {
  String job() {
    return "job:{" + id + "}";
  }

  String events() {
    return job() + ":events";
  }

  /** The outcome, which outlives the record; {@code prelude.lua} writes it. */
  String tombstone() {
    return job() + ":tombstone";
  }

  /** The callback that the job owes; {@code prelude.lua} writes it. */
  String callback() {
    return job() + ":callback";
  }

  /** What a done job was drawn with; kept as long as the record. */
  String receipt() {
    return job() + ":receipt";
  }

  String sheet() {
    return job() + ":sheet";
  }

  String checkpoint() {
    return job() + ":checkpoint";
  }

  /**
   * @param panel 1-based
   */
  String panel(int panel) {
    return job() + ":panel:" + panel;
  }
}
