package dev.polyptych.worker.intake;

import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which records of one partition, in one assignment, are taken, finished or dropped. Not
 * thread-safe: the {@link OffsetLedger} guards it.
 */
final class PartitionLedger {
  private final int epoch;
  private final TreeSet<Long> open = new TreeSet<>();

  /** One past the last record taken; below 0 before the first. */
  private long next = -1;

  /** The first dropped record. This assignment commits nothing from there on. */
  private long firstDropped = Long.MAX_VALUE;

  /** The broker's committed offset as far as known: it delivered from there. */
  private long committed = -1;

  PartitionLedger(int epoch) {
    this.epoch = epoch;
  }

  int epoch() {
    return epoch;
  }

  void take(long offset) {
    if (next < 0) {
      committed = offset;
    }
    open.add(offset);
    next = offset + 1;
  }

  void finish(long offset) {
    open.remove(offset);
  }

  void drop(long offset) {
    if (open.remove(offset)) {
      firstDropped = Math.min(firstDropped, offset);
    }
  }

  /** Records taken and neither finished nor dropped. */
  int inFlight() {
    return open.size();
  }

  /** The offset after the finished prefix; empty when it has not moved since the last commit. */
  OptionalLong committable() {
    long prefix = Math.min(open.isEmpty() ? next : open.first(), firstDropped);
    return next >= 0 && prefix > committed ? OptionalLong.of(prefix) : OptionalLong.empty();
  }

  void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
