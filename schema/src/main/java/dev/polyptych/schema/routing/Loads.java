package dev.polyptych.schema.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far each worker is behind by now: what it told, what was sent to it since, less what it has
 * worked off meanwhile. Not safe for threads.
 */
final class Loads {
  private final Map<String, Load> byWorker = new HashMap<>();
  private Fleet fleet = Fleet.silent(0);
  private Load[] loads = {};

  /** Of one worker, as of a moment. */
  private static final class Load {
    private Instant told = Instant.MIN;
    private Instant asOf = Instant.MIN;
    private double behind;
    private final Deque<Sent> sent = new ArrayDeque<>();

    private void told(FleetWorker worker) {
      if (worker.at().equals(told)) {
        return;
      }
      told = worker.at();
      asOf = told;
      behind = worker.outstandingSeconds();
      sent.removeIf(job -> !job.at().isAfter(told));
      sent.forEach(this::add);
    }

    private void add(Sent job) {
      behind = behindAt(job.at()) + job.seconds();
      asOf = job.at();
    }

    private double behindAt(Instant now) {
      return Math.max(0, behind - seconds(asOf, now));
    }

    private static double seconds(Instant from, Instant to) {
      return from.isBefore(to) ? Duration.between(from, to).toNanos() / 1e9 : 0;
    }
  }

  private record Sent(Instant at, double seconds) {}

  /** Takes in what the workers told by this look; nothing when it is the same as before. */
  void look(Fleet now) {
    if (now == fleet) {
      return;
    }
    fleet = now;
    List<FleetWorker> workers = now.workers();
    loads = new Load[workers.size()];
    for (int i = 0; i < loads.length; i++) {
      loads[i] = byWorker.computeIfAbsent(workers.get(i).id(), unknown -> new Load());
      loads[i].told(workers.get(i));
    }
    if (byWorker.size() > 2 * loads.length) {
      byWorker.values().retainAll(List.of(loads));
    }
  }

  /**
   * GPU-seconds that a worker is behind.
   *
   * @param worker its place in the fleet
   */
  double behind(int worker, Instant now) {
    return loads[worker].behindAt(now);
  }

  void sent(int worker, double gpuSeconds, Instant now) {
    Sent job = new Sent(now, gpuSeconds);
    loads[worker].sent.add(job);
    loads[worker].add(job);
  }
}
