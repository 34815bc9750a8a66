package dev.polyptych.worker.render;

import dev.polyptych.engine.image.PreviewEncoder;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.store.Checkpoint;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reports the progress of one attempt to the job store. The store's answers say whether the attempt
 * still holds the job. The render thread only leaves the newest step and checkpoint here and never
 * waits. A virtual thread writes them to Redis and skips what is out of date.
 */
final class ProgressReport implements AutoCloseable {
  /** After a failure Redis is called again after this time, or at the next step. */
  private static final long RETRY_MILLIS = 500;

  /** During a long step Redis is asked so often whether the attempt still holds the job. */
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

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
  private long askedAt = System.nanoTime();
  private String preview = "";
  private volatile Optional<RenderOutcome> lost = Optional.empty();
  private volatile boolean closed;

  /**
   * The attempt that is reported on.
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

  /** Render thread; never blocks. Replaces a checkpoint that is not saved yet. */
  void checkpoint(Checkpoint checkpoint) {
    unsaved.set(checkpoint);
    news.release();
  }

  /** Render thread; whether {@link #preview} is to be called now. */
  boolean previewDue() {
    return previewing.due();
  }

  /** Render thread; never blocks. The next announcement carries the newest preview. */
  void preview(SheetPixels preview) {
    unseen.set(preview);
  }

  /** Cancelled or superseded, once the store has said so; empty while the attempt holds the job. */
  Optional<RenderOutcome> lost() {
    return lost;
  }

  /** Ends the reports. The store checks the attempt of a report that is under way. */
  @Override
  public void close() {
    closed = true;
    news.release();
  }

  private void run() {
    try {
      while (!closed && lost.isEmpty()) {
        if (news.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        int step = newest.get();
        if (!closed && step != reported) {
          report(step);
        } else if (!closed && System.nanoTime() - askedAt >= ASK_AGAIN_NANOS) {
          askAgain(step);
        }
        Checkpoint checkpoint = unsaved.getAndSet(null);
        if (!closed && checkpoint != null) {
          save(checkpoint);
        }
      }
    } catch (InterruptedException unexpected) {
      Thread.currentThread().interrupt();
    }
  }

  private void save(Checkpoint checkpoint) {
    try {
      answered(store.checkpoint(attempt.job(), attempt.number(), checkpoint));
    } catch (StoreUnavailableException away) {
      // Tried again in the next round, unless there is a newer one by then.
      unsaved.compareAndSet(null, checkpoint);
    }
  }

  private Verdict send(int step, boolean announce) {
    // The last step needs no preview, because the sheet follows.
    if (!announce || preview.isEmpty() || step == attempt.steps()) {
      return store.progress(attempt.job(), attempt.number(), step, announce);
    }
    String shown = preview;
    preview = "";
    return store.progress(attempt.job(), attempt.number(), step, shown);
  }

  /** Called before the announcement's time is decided, because encoding takes a while. */
  private void encodePreview() {
    SheetPixels newest = unseen.getAndSet(null);
    if (newest != null) {
      preview = Base64.getEncoder().encodeToString(PreviewEncoder.jpeg(newest));
    }
  }

  /** A cancel must be known when a long step ends, so that no other step follows. */
  private void askAgain(int step) {
    askedAt = System.nanoTime();
    try {
      answered(store.progress(attempt.job(), attempt.number(), step, false));
    } catch (StoreUnavailableException away) {
      // The next round asks again.
    }
  }

  private void report(int step) {
    askedAt = System.nanoTime();
    encodePreview();
    boolean announce = announcements.due(step, clock.instant());
    try {
      answered(send(step, announce));
      reported = step;
    } catch (StoreUnavailableException away) {
      // The render goes on. The next report asks again, and the store checks the attempt at the
      // end.
      reported = -1;
    }
  }

  /** An older store calls a cancelled job stale. */
  private void answered(Verdict verdict) {
    switch (verdict) {
      // Redis has lost the job. The attempt goes on; the job is adopted when its images are ready.
      case DONE, UNKNOWN -> {}
      case CANCELLED -> lost = Optional.of(new RenderOutcome.Cancelled());
      case STALE -> lost = Optional.of(new RenderOutcome.Superseded());
    }
  }

  /** Says when the next one is due. Render thread only. */
  private static final class Interval {
    private final Duration apart;
    private final Clock clock;
    private Instant last;

    /**
     * @param apart zero: always due
     */
    Interval(Duration apart, Clock clock) {
      this.apart = apart;
      this.clock = clock;
      this.last = clock.instant();
    }

    /** Whether one is due now. If so, the next is due after the interval. */
    boolean due() {
      Instant now = clock.instant();
      boolean due = !now.isBefore(last.plus(apart));
      if (due) {
        last = now;
      }
      return due;
    }
  }

  /**
   * Which steps are announced to readers: the first and the last that are reported, and between
   * them at most two a second. Not thread-safe.
   */
  static final class Announcements {
    static final Duration APART = Duration.ofMillis(500);

    private final int steps;
    private Optional<Instant> last = Optional.empty();

    Announcements(int steps) {
      this.steps = steps;
    }

    /** Whether a completed step is announced now. Step 0 never is: the claim was announced. */
    boolean due(int step, Instant now) {
      boolean pause = last.filter(before -> now.isBefore(before.plus(APART))).isPresent();
      boolean due = step > 0 && (step == steps || !pause);
      if (due) {
        last = Optional.of(now);
      }
      return due;
    }
  }
}
