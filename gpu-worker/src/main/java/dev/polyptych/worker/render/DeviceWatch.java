package dev.polyptych.worker.render;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.store.PeriodicTask;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the device phases of the render thread against the time that they may take: ten times the
 * longest such phase so far per token, at least the time of the start and a floor. A phase that
 * takes longer will not end: a dead mount or a hung driver. The render thread can't be interrupted
 * there, so the process must end.
 *
 * <p>The render thread marks phases. A task of its own looks at them once a second. It adds up its
 * own looks, so that a process that was stopped and continues is not stuck.
 */
public final class DeviceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int GENEROUS = 10;

  private final Duration floor;
  private final OnStuck onStuck;
  private final LongSupplier nanoTime;
  private final PeriodicTask task = new PeriodicTask("device-watch", LOOK, this::round);

  /** Longest nanoseconds a token. */
  @GuardedBy("this")
  private final Map<Phase, Double> longest = new EnumMap<>(Phase.class);

  @GuardedBy("this")
  private Optional<Running> running = Optional.empty();

  @GuardedBy("this")
  private long startNanos;

  @GuardedBy("this")
  private long lookedAt;

  @GuardedBy("this")
  private boolean stuck;

  /** A part of a job that needs the device. */
  public enum Phase {
    ADAPTER,
    TEXT,
    STEP,
    DECODE;

    /** As people and metrics read it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Gets the phase that does not end, once. Called by the task. */
  @FunctionalInterface
  public interface OnStuck {
    void stuck(Phase phase, Duration after);
  }

  /**
   * @param seenNanos time of it that the looks have seen
   */
  private record Running(Phase phase, long limitNanos, long seenNanos) {
    boolean tooLong() {
      return seenNanos > limitNanos;
    }
  }

  /**
   * @param floor a phase may always take so long
   */
  public DeviceWatch(Duration floor, OnStuck onStuck) {
    this(floor, onStuck, System::nanoTime);
  }

  DeviceWatch(Duration floor, OnStuck onStuck, LongSupplier nanoTime) {
    this.floor = floor;
    this.onStuck = onStuck;
    this.nanoTime = nanoTime;
  }

  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
  }

  /** The engine was opened in this time, with a step of the largest sheet. */
  synchronized void opened(Duration took) {
    startNanos = took.toNanos();
  }

  /**
   * Runs a phase. Render thread only.
   *
   * @param tokens of the sheet; its time grows with them. 1 where it does not
   */
  <T> T during(Phase phase, int tokens, Supplier<T> call) {
    long begun = nanoTime.getAsLong();
    begin(phase, tokens, begun);
    try {
      T result = call.get();
      measured(phase, (double) (nanoTime.getAsLong() - begun) / tokens);
      return result;
    } finally {
      end();
    }
  }

  private synchronized void begin(Phase phase, int tokens, long now) {
    double measured = GENEROUS * tokens * longest.getOrDefault(phase, 0.0);
    long limit = Math.max(Math.max(floor.toNanos(), startNanos), (long) measured);
    running = Optional.of(new Running(phase, limit, 0));
    lookedAt = now;
  }

  private synchronized void measured(Phase phase, double nanosPerToken) {
    longest.merge(phase, nanosPerToken, Math::max);
  }

  private synchronized void end() {
    running = Optional.empty();
  }

  private Duration round() {
    look();
    return LOOK;
  }

  /** One look at the running phase. */
  void look() {
    Optional<Running> endless = endless();
    if (endless.isPresent()) {
      Phase phase = endless.get().phase();
      Duration after = Duration.ofNanos(endless.get().seenNanos());
      LOG.error(
          "phase {} has not ended for {} s; this worker is stuck and ends",
          phase.text(),
          after.toSeconds());
      onStuck.stuck(phase, after);
    }
  }

  /** The running phase if it takes too long; empty once that was reported. */
  private synchronized Optional<Running> endless() {
    if (stuck) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    long passed = Math.min(now - lookedAt, 2 * LOOK.toNanos());
    lookedAt = now;
    running =
        running.map(
            phase -> new Running(phase.phase(), phase.limitNanos(), phase.seenNanos() + passed));
    stuck = running.filter(Running::tooLong).isPresent();
    return running.filter(Running::tooLong);
  }
}
