package dev.polyptych.worker.render;

import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.RenderJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What jobs take on this device, as measured, and what is before it. Measured by the render thread,
 * read by any.
 */
final class Workload {
  /** Weight of the newest job: the means follow a change within some ten jobs. */
  private static final double NEWEST = 0.2;

  private final StepTime stepTime;
  private volatile double besidesSeconds;
  private volatile double jobSeconds;
  private volatile Optional<InHand> inHand = Optional.empty();

  private record InHand(RenderJob job, ProgressReport progress) {}

  Workload(StepTime stepTime) {
    this.stepTime = stepTime;
  }

  void begun(RenderJob job, ProgressReport progress) {
    inHand = Optional.of(new InHand(job, progress));
  }

  void ended() {
    inHand = Optional.empty();
  }

  /**
   * A job was drawn from its first step to its last.
   *
   * @param nanos prompt and decoding included, a swap not
   */
  void drawn(RenderJob job, long nanos) {
    double seconds = nanos / 1e9;
    besidesSeconds = mean(besidesSeconds, Math.max(0, seconds - steps(job)));
    jobSeconds = mean(jobSeconds, seconds);
  }

  /**
   * What is before the worker.
   *
   * @param waiting taken from the broker and not begun
   * @param status with the adapter that is warm and where the others lie
   */
  WorkerLoad load(List<RenderJob> waiting, RenderStatus status, SwapCosts costs, Instant now) {
    Residency residency = status.residency();
    return new WorkerLoad(
        stepTime.secondsPerToken(),
        besidesSeconds,
        jobSeconds,
        runningSeconds(),
        waiting.stream().mapToDouble(this::seconds).sum() + swapSeconds(waiting, status, costs),
        residency.all(),
        residency.tiers(),
        costs,
        Optional.of(now));
  }

  /** Of the swaps that the waiting jobs need: one for each adapter that is not warm. */
  private static double swapSeconds(List<RenderJob> waiting, RenderStatus status, SwapCosts costs) {
    var nearest = status.residency().tiers().residency(status.adapter());
    return waiting.stream()
        .map(RenderJob::adapter)
        .distinct()
        .mapToDouble(adapter -> costs.from(nearest.of(adapter)))
        .sum();
  }

  /** Seconds of a whole job, one with another; 0 before the first. */
  double jobSeconds() {
    return jobSeconds;
  }

  /** Seconds that the job in hand still takes; 0 without one, or before any measurement. */
  private double runningSeconds() {
    return inHand
        .map(
            hand -> {
              int steps = hand.job().sampling().steps();
              double left = steps - Math.clamp(hand.progress().step(), 0, steps);
              return seconds(hand.job()) * left / steps;
            })
        .orElse(0.0);
  }

  /** How long a job takes; zero when no sheet of its size was drawn here yet. */
  Duration renderTime(RenderJob job) {
    return stepTime.of(job);
  }

  /** Seconds that a job takes; 0 before any measurement. */
  private double seconds(RenderJob job) {
    double steps = steps(job);
    return steps == 0 ? 0 : steps + besidesSeconds;
  }

  private double steps(RenderJob job) {
    return stepTime.estimate(job.layout().tokens()) * job.sampling().steps();
  }

  private static double mean(double before, double measured) {
    return before == 0 ? measured : before + NEWEST * (measured - before);
  }
}
