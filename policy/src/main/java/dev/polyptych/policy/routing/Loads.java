package dev.polyptych.policy.routing;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The current backlog of each worker: what it last reported, plus what was sent to it since, minus
 * what it has done meanwhile. Workers are given by their index in the fleet, times in seconds of
 * the epoch. Not thread-safe.
 */
final class Loads {
  private static final Load[] NONE = {};

  private final Map<String, Load> byWorker = new HashMap<>();
  private Fleet fleet = Fleet.silent(0);
  private Load[] loads = NONE;

  private record Sent(double at, double seconds) {}

  /** The backlog of one worker at a moment. */
  private static final class Load {
    /** With more adapters than this, expired entries are removed. */
    private static final int MOST_WAITING = 256;

    private final Deque<Sent> sent = new ArrayDeque<>();
    private final Map<String, Double> waitingUntil = new HashMap<>();
    private Instant reported = Instant.MIN;
    private double asOf;
    private double behind;

    private void report(FleetWorker worker) {
      if (!worker.at().equals(reported)) {
        reported = worker.at();
        asOf = seconds(reported);
        behind = worker.outstandingSeconds();
        sent.removeIf(job -> job.at() <= asOf);
        sent.forEach(this::add);
      }
    }

    private void sent(String adapter, Sent job) {
      if (waitingUntil.size() > MOST_WAITING) {
        waitingUntil.values().removeIf(until -> until < job.at());
      }
      waitingUntil.put(adapter, job.at() + behindAt(job.at()));
      sent.add(job);
      add(job);
    }

    private void add(Sent job) {
      behind = behindAt(job.at()) + job.seconds();
      asOf = job.at();
    }

    private double behindAt(double now) {
      return Math.max(0, behind - Math.max(0, now - asOf));
    }
  }

  static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }

  /** Takes over the reports of a snapshot. Does nothing if it is the same object as before. */
  void look(Fleet now) {
    if (now != fleet) {
      fleet = now;
      List<FleetWorker> workers = now.workers();
      loads = new Load[workers.size()];
      for (int worker = 0; worker < loads.length; worker++) {
        loads[worker] = byWorker.computeIfAbsent(workers.get(worker).id(), unknown -> new Load());
        loads[worker].report(workers.get(worker));
      }
      if (byWorker.size() > loads.length) {
        byWorker.values().retainAll(new HashSet<>(Arrays.asList(loads)));
      }
    }
  }

  /** Backlog of a worker in GPU-seconds. */
  double behind(int worker, double now) {
    return loads[worker].behindAt(now);
  }

  /** Whether a job of the adapter was sent to the worker and is probably still waiting there. */
  boolean waits(int worker, String adapter, double now) {
    return loads[worker].waitingUntil.getOrDefault(adapter, 0.0) > now;
  }

  /** Adds a job that was sent to a worker. */
  void sent(int worker, String adapter, double gpuSeconds, double now) {
    loads[worker].sent(adapter, new Sent(now, gpuSeconds));
  }
}
