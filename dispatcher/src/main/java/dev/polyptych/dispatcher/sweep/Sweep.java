package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.policy.reconcile.ClusterState;
import dev.polyptych.store.OpenJobs;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One round over the open jobs that are due, a bounded number of them. Blocks. */
public final class Sweep {
  static final int AT_MOST = 500;

  /** Looks a second, on average. */
  private static final int RATE = 1_000;

  private final OpenJobs open;
  private final MissingRecords records;
  private final Reconciler reconciler;
  private final Duration forgotten;
  private final Clock clock;
  private final SweepMetrics metrics;

  /**
   * @param forgotten age at which an accepted job is produced again; must be longer than a
   *     submission waits for the broker
   */
  public Sweep(
      OpenJobs open,
      MissingRecords records,
      Reconciler reconciler,
      Duration forgotten,
      Clock clock,
      SweepMetrics metrics) {
    this.open = open;
    this.records = records;
    this.reconciler = reconciler;
    this.forgotten = forgotten;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Looks at the round's jobs at once, so that their Redis calls share pipelines. Returns how many.
   */
  int round() throws InterruptedException {
    List<OpenJobs.Entry> due = open.due(clock.instant(), AT_MOST);
    if (due.isEmpty()) {
      return 0;
    }
    // Before the jobs' records are read.
    Optional<ClusterState> state = reconciler.state();
    Duration longest = longest(open.count());
    List<Callable<Void>> looks = new ArrayList<>();
    for (OpenJobs.Entry entry : due) {
      looks.add(
          () -> {
            sweep(entry, longest, state);
            return null;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> look : threads.invokeAll(looks)) {
        if (look.state() == Future.State.FAILED
            && look.exceptionNow() instanceof RuntimeException failed) {
          throw failed;
        }
      }
    }
    return looks.size();
  }

  /** The most time between two looks at a job. It grows with the number of open jobs. */
  private static Duration longest(long jobs) {
    Duration allOnce = Duration.ofSeconds(jobs / RATE);
    return allOnce.compareTo(Reconciler.LEASE) > 0 ? allOnce : Reconciler.LEASE;
  }

  private void sweep(OpenJobs.Entry entry, Duration longest, Optional<ClusterState> state)
      throws InterruptedException {
    OpenJobs.Look look = open.look(entry.id(), forgotten, longest);
    metrics.looked(look.finding());
    switch (look.finding()) {
      case SETTLED, EXPIRED -> open.remove(entry.id());
      case OPEN -> {
        again(entry, look);
        // A fresh job may have got its record after the lanes were read.
        if (look.job().isPresent() && state.isPresent() && !entry.fresh()) {
          reconciler
              .look(look.job().get(), state.get())
              .ifPresent(wait -> open.lookAgain(entry.id(), clock.instant().plus(wait)));
        }
      }
      case FORGOTTEN -> {
        again(entry, look);
        if (records.produceFirst(entry.id())) {
          metrics.produced();
        }
      }
      case UNKNOWN -> {
        // A job is listed before its record is written, so the first look may be too early.
        if (entry.fresh()) {
          again(entry, look);
        } else {
          open.remove(entry.id());
        }
      }
    }
  }

  private void again(OpenJobs.Entry entry, OpenJobs.Look look) {
    open.lookAgain(entry.id(), clock.instant().plus(look.again()));
  }
}
