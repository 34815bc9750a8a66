package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps a few jobs open in both lanes. It submits the next job as soon as one has ended. */
final class DrillLoad implements AutoCloseable {
  private static final Duration END_WITHIN = Duration.ofMinutes(4);
  private static final long LOOK_MILLIS = 200;

  private final Jobs jobs;
  private final int steps;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean closed;

  private DrillLoad(Jobs jobs, int steps) {
    this.jobs = jobs;
    this.steps = steps;
  }

  /**
   * @param open number of open jobs
   * @param steps of each job
   */
  static DrillLoad start(Jobs jobs, int open, int steps) {
    DrillLoad load = new DrillLoad(jobs, steps);
    for (int i = 0; i < open; i++) {
      Lane lane = i % 2 == 0 ? Lane.BATCH : Lane.INTERACTIVE;
      load.threads.add(Thread.ofVirtual().name("load-" + i).start(() -> load.keepUp(lane)));
    }
    return load;
  }

  private void keepUp(Lane lane) {
    try {
      while (!closed) {
        String id = jobs.submit(lane, steps);
        while (!closed && jobs.ended(id).isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unexpected) {
      failure.compareAndSet(null, unexpected);
    }
  }

  /**
   * Stops submitting and waits until the last submissions are accepted.
   *
   * @throws DrillFailedException if a submission failed
   */
  void finish() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      if (!thread.join(END_WITHIN)) {
        throw new DrillFailedException("a submission of the load does not end");
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Ends immediately. A submission may stay without an answer. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
