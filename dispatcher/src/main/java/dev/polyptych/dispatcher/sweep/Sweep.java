package dev.polyptych.dispatcher.sweep;

import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.store.OpenJobs;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One round over the open jobs that are due, a bounded number of them. Blocks. */
public final class Sweep {
  static final int AT_MOST = 500;

  private final OpenJobs open;
  private final ForgottenJobs forgottenJobs;
  private final Duration forgotten;
  private final Clock clock;
  private final SweepMetrics metrics;

  /**
   * @param forgotten age at which an accepted job is produced again; must be longer than a
   *     submission waits for the broker
   */
  public Sweep(
      OpenJobs open,
      ForgottenJobs forgottenJobs,
      Duration forgotten,
      Clock clock,
      SweepMetrics metrics) {
    this.open = open;
    this.forgottenJobs = forgottenJobs;
    this.forgotten = forgotten;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Looks at the round's jobs at once, so that their Redis calls share pipelines. Returns how many.
   */
  int round() throws InterruptedException {
    List<Callable<Void>> looks = new ArrayList<>();
    for (OpenJobs.Entry entry : open.due(clock.instant(), AT_MOST)) {
      looks.add(
          () -> {
            sweep(entry);
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

  private void sweep(OpenJobs.Entry entry) throws InterruptedException {
    OpenJobs.Look look = open.look(entry.id(), forgotten);
    metrics.looked(look.finding());
    switch (look.finding()) {
      case SETTLED, EXPIRED -> open.remove(entry.id());
      case OPEN -> again(entry, look);
      case FORGOTTEN -> {
        again(entry, look);
        if (forgottenJobs.produce(entry.id())) {
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
