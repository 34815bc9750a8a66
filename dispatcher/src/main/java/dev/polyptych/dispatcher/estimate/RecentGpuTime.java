package dev.polyptych.dispatcher.estimate;

import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.store.WorkerHeartbeat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@link GpuTime} by heartbeats that are a few seconds old, so that it can be asked for every
 * submission. Blocks while it asks for new ones; safe for any number of threads.
 */
public final class RecentGpuTime {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final GpuTime gpuTime;
  private final Supplier<List<WorkerHeartbeat>> live;
  private final Clock clock;
  private volatile Seen seen = new Seen(List.of(), Instant.MIN);

  private record Seen(List<WorkerHeartbeat> workers, Instant until) {}

  /**
   * @param live asks for the live workers
   */
  public RecentGpuTime(GpuTime gpuTime, Supplier<List<WorkerHeartbeat>> live, Clock clock) {
    this.gpuTime = gpuTime;
    this.live = live;
    this.clock = clock;
  }

  /** Zero while no worker has rendered. */
  public Duration of(RenderJob job) {
    if (clock.instant().isAfter(seen.until())) {
      seen = new Seen(live.get(), clock.instant().plus(FRESH));
    }
    double seconds = gpuTime.seconds(job, seen.workers()).orElse(0.0);
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
