package dev.polyptych.store;

/**
 * The Redis keys of one job. All have the hash tag {@code {id}}, so one script may use them
 * together.
 */
record JobKeys(String id) {
  String job() {
    return "job:{" + id + "}";
  }

  String events() {
    return job() + ":events";
  }

  /** The outcome. It outlives the record. {@code prelude.lua} writes it. */
  String tombstone() {
    return job() + ":tombstone";
  }

  /** The callback to send. {@code prelude.lua} writes it. */
  String callback() {
    return job() + ":callback";
  }

  /** The receipt of a done job. It is kept as long as the record. */
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
