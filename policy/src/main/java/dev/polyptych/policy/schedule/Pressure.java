package dev.polyptych.policy.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the adapter with the longest total waiting time. Many jobs give a long streak. A single job
 * gains weight with time, so it is never passed over for ever.
 */
final class Pressure<J extends WaitingJob> {
  private final Map<String, Adapter<J>> adapters = new HashMap<>();

  private static final class Adapter<J extends WaitingJob> {
    private J oldest;
    private double waited;

    private Adapter(J first) {
      oldest = first;
    }

    private void add(J job, Instant now) {
      waited += Math.max(0, Duration.between(job.arrivedAt(), now).toNanos() / 1e9);
      if (job.arrivedAt().isBefore(oldest.arrivedAt())) {
        oldest = job;
      }
    }
  }

  Pressure(Collection<J> waiting, Instant now) {
    for (J job : waiting) {
      adapters.computeIfAbsent(job.adapter(), first -> new Adapter<>(job)).add(job, now);
    }
  }

  /** The oldest job of that adapter. */
  Optional<J> most() {
    Adapter<J> most = null;
    for (Adapter<J> adapter : adapters.values()) {
      if (most == null || moreUrgent(adapter, most)) {
        most = adapter;
      }
    }
    return Optional.ofNullable(most).map(adapter -> adapter.oldest);
  }

  private static <J extends WaitingJob> boolean moreUrgent(Adapter<J> one, Adapter<J> other) {
    return one.waited > other.waited
        || (one.waited == other.waited
            && one.oldest.arrivedAt().isBefore(other.oldest.arrivedAt()));
  }
}
