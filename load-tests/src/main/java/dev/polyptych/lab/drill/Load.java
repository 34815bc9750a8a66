package dev.polyptych.lab.drill;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps a few jobs open, in both lanes: as soon as one has ended the next is submitted. */
final class Load implements AutoCloseable {
  private static final Duration END_WITHIN = Duration.ofMinutes(4);
  private static final long LOOK_MILLIS = 200;

  private final Api api;
  private final Jobs jobs;
  private final int steps;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean closed;

  private Load(Api api, Jobs jobs, int steps) {
    this.api = api;
    this.jobs = jobs;
    this.steps = steps;
  }

  /**
   * @param open how many jobs
   * @param steps of each of them
   */
  static Load start(Api api, Jobs jobs, int open, int steps) {
    Load load = new Load(api, jobs, steps);
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
        while (!closed && api.status(id).filter(Load::ended).isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unexpected) {
      failure.compareAndSet(null, unexpected);
    }
  }

  private static boolean ended(JobStatus status) {
    return status.state().terminal();
  }

  /**
   * Submits nothing more and waits until whatever is being submitted was accepted.
   *
   * @throws DrillFailedException when a submission failed for good
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

  /** Ends at once; a submission may be left without its answer. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
