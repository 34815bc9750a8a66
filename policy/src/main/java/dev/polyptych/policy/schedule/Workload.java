package dev.polyptych.policy.schedule;

import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What jobs take on a worker, as measured, and how much work the worker has. The simulator's
 * workers use it too. One thread measures; any thread reads.
 */
public final class Workload {
  /** The means follow a change within about ten jobs. */
  private static final double NEWEST = 0.2;

  private final StepTime steps = new StepTime();
  private final SwapTimes swaps = new SwapTimes();
  private final RecentMean besides = new RecentMean(NEWEST);
  private final RecentMean jobs = new RecentMean(NEWEST);

  /** A denoising step over a sheet of this size ended. */
  public void stepped(int tokens, double seconds) {
    steps.measured(tokens, seconds);
  }

  /**
   * A swap ended.
   *
   * @param from where the adapter was before
   */
  public void swapped(Tier from, double seconds) {
    swaps.measured(from, seconds);
  }

  /**
   * A job was drawn from its first step to its last.
   *
   * @param seconds with prompt and decoding, without a swap
   */
  public void drawn(RenderJob job, double seconds) {
    besides.add(Math.max(0, seconds - stepSeconds(job)));
    drawn(seconds);
  }

  /** As {@link #drawn(RenderJob, double)}, for a job whose steps are not measured. */
  public void drawn(double seconds) {
    jobs.add(seconds);
  }

  /** Mean of a whole job without its swap; 0 before the first. */
  public double jobSeconds() {
    return jobs.value();
  }

  /** Mean of a step over all sizes; 0 before the first. */
  public double stepSeconds() {
    return steps.seconds();
  }

  /** Mean of a swap over all tiers; 0 before the first. */
  public double swapSeconds() {
    return swaps.usual();
  }

  /** Mean of a swap by tier. */
  public SwapCosts swapCosts() {
    return swaps.costs();
  }

  /** How long the steps of a job take; zero when no sheet of its size was drawn here. */
  public Duration renderTime(RenderJob job) {
    double step = steps.measuredAt(job.tokens());
    return Duration.ofNanos(Math.round(step * job.sampling().steps() * 1e9));
  }

  /** Estimated seconds of a job without its swap; 0 before any measurement. */
  public double seconds(RenderJob job) {
    double ofSteps = stepSeconds(job);
    return ofSteps == 0 ? 0 : ofSteps + besides.value();
  }

  /** Seconds that a running job still takes; 0 before any measurement. */
  public double secondsLeft(RenderJob job, int completedSteps) {
    int all = job.sampling().steps();
    double left = all - Math.clamp(completedSteps, 0, all);
    return seconds(job) * left / all;
  }

  /**
   * Seconds of the waiting jobs, and of one swap for each adapter of theirs that is not warm.
   *
   * @param seconds of a job without its swap
   */
  public static <J extends WaitingJob> double waitingSeconds(
      Collection<J> waiting,
      ToDoubleFunction<? super J> seconds,
      SwapCosts costs,
      Residency residency) {
    double swapSeconds =
        waiting.stream()
            .map(WaitingJob::adapter)
            .distinct()
            .mapToDouble(adapter -> costs.from(residency.of(adapter)))
            .sum();
    return waiting.stream().mapToDouble(seconds).sum() + swapSeconds;
  }

  /**
   * What the worker's heartbeat says of its work.
   *
   * @param runningSeconds that the running job still takes
   * @param waitingSeconds see {@link #waitingSeconds}
   */
  public WorkerLoad load(
      double runningSeconds, double waitingSeconds, AdapterTiers tiers, Instant now) {
    return new WorkerLoad(
        steps.secondsPerToken(),
        besides.value(),
        jobs.value(),
        runningSeconds,
        waitingSeconds,
        inMemory(tiers),
        tiers,
        swaps.costs(),
        Optional.of(now));
  }

  /** Adapters in device or host memory, each once. */
  private static List<String> inMemory(AdapterTiers tiers) {
    return Stream.concat(tiers.device().stream(), tiers.host().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private double stepSeconds(RenderJob job) {
    return steps.estimate(job.tokens()) * job.sampling().steps();
  }
}
