package dev.polyptych.cli.audit;

import java.time.Instant;

/**
 * The records of a job on Kafka.
 *
 * @param records on the lanes; more than one after a retry or a handover
 * @param open whether one of them is uncommitted, so that a worker has it or will get it
 * @param direct whether a backend produced it itself
 * @param newest when the last of them was produced; {@link Instant#EPOCH} without any
 * @param letters on the dead topic
 */
record Produced(int records, boolean open, boolean direct, Instant newest, int letters) {
  static final Produced NOTHING = new Produced(0, false, false, Instant.EPOCH, 0);

  Produced with(boolean uncommitted, boolean fromBackend, Instant at) {
    return new Produced(
        records + 1,
        open || uncommitted,
        direct || fromBackend,
        at.isAfter(newest) ? at : newest,
        letters);
  }

  Produced withLetter() {
    return new Produced(records, open, direct, newest, letters + 1);
  }
}
