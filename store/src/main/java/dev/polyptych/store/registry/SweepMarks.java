package dev.polyptych.store.registry;

import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Objects by which a sweep says which bytes it may delete. A sweep marks, then looks for versions;
 * a writer makes its version, then looks for marks. So one of them always sees the other.
 */
final class SweepMarks {
  /** A sweep that is older has stopped. It deletes nothing after {@link #DELETES_FOR}. */
  private static final Duration STALE = Duration.ofMinutes(10);

  /** How long a sweep may delete what it has marked. */
  static final Duration DELETES_FOR = Duration.ofMinutes(2);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ObjectStore objects;
  private final Clock clock;

  SweepMarks(ObjectStore objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** Whether the mark is this sweep's now. */
  boolean set(String sha256) {
    return objects.create(RegistryKeys.sweeping(sha256), ObjectTexts.content("{}"));
  }

  /** Deletes the marks of sweeps that have stopped. */
  void clearStale() {
    List<String> stale = new ArrayList<>();
    objects.list(
        RegistryKeys.ADAPTERS,
        entry ->
            RegistryKeys.digest(entry.key())
                .filter(sha256 -> entry.key().equals(RegistryKeys.sweeping(sha256)))
                .filter(sha256 -> stale(entry.modified()))
                .ifPresent(stale::add));
    stale.forEach(this::clear);
  }

  void clear(String sha256) {
    objects.delete(RegistryKeys.sweeping(sha256));
  }

  /** Waits for the end of a sweep that may delete these bytes. */
  void awaitNone(String sha256) {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (present(sha256)) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw new ObjectsUnavailableException(
            "a sweep may delete the adapter's bytes just now; try again in some minutes", null);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private boolean present(String sha256) {
    String key = RegistryKeys.sweeping(sha256);
    AtomicBoolean present = new AtomicBoolean();
    objects.list(
        key,
        entry -> {
          if (entry.key().equals(key) && !stale(entry.modified())) {
            present.set(true);
          }
        });
    return present.get();
  }

  private boolean stale(Instant since) {
    return since.isBefore(clock.instant().minus(STALE));
  }
}
