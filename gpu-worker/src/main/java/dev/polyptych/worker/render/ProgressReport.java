package dev.polyptych.worker.render;

import dev.polyptych.engine.image.PreviewEncoder;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells the job store how far one attempt has come, and hears from it whether the attempt still
 * holds. The render thread only leaves the number of the newest step and the newest checkpoint here
 * and never waits; a virtual thread brings them to Redis when it can, skipping what is out of date.
 */
final class ProgressReport implements AutoCloseable {
  /** Redis that did not answer is asked again after this time, or at the next step. */
  private static final long RETRY_MILLIS = 500;

  private final JobStore store;
  private final Attempt attempt;
  private final Clock clock;
  private final Announcements announcements;
  private final Interval checkpointing;
  private final Interval previewing;
  private final AtomicReference<SheetPixels> unseen = new AtomicReference<>();
  private final AtomicReference<Checkpoint> unsaved = new AtomicReference<>();
  private final AtomicInteger newest = new AtomicInteger();
  private final Semaphore news = new Semaphore(0);
  private int reported = -1;
  private String preview = "";
  private volatile boolean superseded;
  private volatile boolean closed;

  /**
   * What is reported on.
   *
   * @param checkpointEvery the time between two checkpoints; zero: after every step
   */
  record Attempt(String job, int number, int steps, Duration checkpointEvery) {}

  private ProgressReport(JobStore store, Attempt attempt, Clock clock) {
    this.store = store;
    this.attempt = attempt;
    this.clock = clock;
    this.checkpointing = new Interval(attempt.checkpointEvery(), clock);
    this.previewing = new Interval(Announcements.APART, clock);
    this.announcements = new Announcements(attempt.steps());
  }

  static ProgressReport start(JobStore store, Attempt attempt, Clock clock) {
    ProgressReport report = new ProgressReport(store, attempt, clock);
    Thread.ofVirtual().name("progress-" + attempt.job()).start(report::run);
    return report;
  }

  /** Render thread; never blocks. */
  void completed(int step) {
    newest.set(step);
    news.release();
  }

  /** Completed steps. Any thread. */
  int step() {
    return newest.get();
  }

  /** Render thread; whether {@link #checkpoint} is to be called now. */
  boolean checkpointDue() {
    return checkpointing.due();
  }

  /** Render thread; never blocks: one that has not been saved yet is replaced. */
  void checkpoint(Checkpoint checkpoint) {
    unsaved.set(checkpoint);
    news.release();
  }

  /** Render thread; whether {@link #preview} is to be called now. */
  boolean previewDue() {
    return previewing.due();
  }

  /** Render thread; never blocks: the next announcement carries the newest. */
  void preview(SheetPixels preview) {
    unseen.set(preview);
  }

  /** Whether the job was cancelled or is another worker's by now. */
  boolean superseded() {
    return superseded;
  }

  /** Reports nothing more; a report that is under way is fenced by the attempt. */
  @Override
  public void close() {
    closed = true;
    news.release();
  }

  private void run() {
    try {
      while (!closed && !superseded) {
        if (news.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        int step = newest.get();
        if (!closed && step != reported) {
          report(step);
        }
        Checkpoint checkpoint = unsaved.getAndSet(null);
        if (!closed && checkpoint != null) {
          save(checkpoint);
        }
      }
    } catch (InterruptedException nobodyInterruptsThis) {
      Thread.currentThread().interrupt();
    }
  }

  private void save(Checkpoint checkpoint) {
    try {
      if (store.checkpoint(attempt.job(), attempt.number(), checkpoint) != Verdict.DONE) {
        superseded = true;
      }
    } catch (StoreUnavailableException away) {
      // Tried again with the next look around, unless there is a newer one by then.
      unsaved.compareAndSet(null, checkpoint);
    }
  }

  private Verdict told(int step, boolean announce) {
    // The last step is announced at once, and the sheet itself is near then.
    if (!announce || preview.isEmpty() || step == attempt.steps()) {
      return store.progress(attempt.job(), attempt.number(), step, announce);
    }
    String shown = preview;
    preview = "";
    return store.progress(attempt.job(), attempt.number(), step, shown);
  }

  /** Before it is asked whether an announcement is due: encoding takes its time. */
  private void encodePreview() {
    SheetPixels newest = unseen.getAndSet(null);
    if (newest != null) {
      preview = Base64.getEncoder().encodeToString(PreviewEncoder.jpeg(newest));
    }
  }

  private void report(int step) {
    encodePreview();
    boolean announce = announcements.due(step, clock.instant());
    try {
      if (told(step, announce) != Verdict.DONE) {
        superseded = true;
      }
      reported = step;
    } catch (StoreUnavailableException away) {
      // The render goes on: whether it still holds is asked again, and at the end by the fence.
      reported = -1;
    }
  }
}
