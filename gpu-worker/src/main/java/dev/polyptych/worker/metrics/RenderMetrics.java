package dev.polyptych.worker.metrics;

import static dev.polyptych.worker.metrics.Meters.NANOS;

import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.job.Lane;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the render thread does with its time. Called by the render thread alone. */
public final class RenderMetrics {
  private static final double[] LATENESS = {
    -600, -120, -30, -10, -3, -1, -0.3, -0.1, 0, 0.1, 0.3, 1, 3, 10, 30, 120, 600
  };
  private static final double[] RATIOS = {0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 4, 10};

  private final Histogram queueWait;
  private final Histogram render;
  private final Histogram step;
  private final Histogram decode;
  private final Histogram swap;
  private final Histogram startLateness;
  private final Histogram gpuSecondsRatio;
  private final Gauge resident;
  private final Gauge swapCost;
  private final Gauge deviceMemory;
  private final Gauge planned;
  private final Gauge loading;
  private final Counter prefetchHits;
  private final Counter outdated;
  private final Counter warmHits;
  private final Counter resumedJobs;
  private final Counter savedSteps;
  private final Counter reusedSteps;
  private final Counter attempts;
  private final Counter busy;
  private final Gauge streak;
  private final Gauge liveArrays;
  private final Info engine;

  public RenderMetrics(PrometheusRegistry registry) {
    Meters meters = new Meters(registry);
    queueWait =
        meters.seconds("queue_wait_seconds", "From a job's record to its first claim.", "lane");
    render = meters.seconds("render_seconds", "From a claim to a sheet, swap included.");
    step = meters.seconds("step_seconds", "One denoising step.");
    decode = meters.seconds("decode_seconds", "From latents to pixels.");
    swap = meters.seconds("swap_seconds", "Making another adapter warm.");
    startLateness =
        meters.histogram(
            "start_lateness_seconds",
            "First start minus the start forecast at acceptance; negative if early.",
            LATENESS,
            "lane");
    gpuSecondsRatio =
        meters.histogram(
            "gpu_seconds_ratio", "Measured over estimated GPU-seconds of a job.", RATIOS);
    resident = meters.gauge("adapters_resident", "Adapters by tier.", "tier");
    swapCost =
        meters.gauge(
            "swap_cost_seconds",
            "Recent mean of a swap by the adapter's tier. Tiers without samples report the next"
                + " faster tier's mean.",
            "tier");
    deviceMemory =
        meters.gauge(
            "device_memory_bytes", "Memory of the device, other processes included.", "kind");
    planned =
        meters.gauge(
            "memory_plan_bytes",
            "Bytes of the device's memory by the plan, where the model was planned.",
            "part");
    loading =
        meters.gauge("loading", "1 while the model is loading: the worker is busy, not idle.");
    loading.set(1);
    prefetchHits = meters.counter("prefetch_hits_total", "Swaps to a prefetched adapter.");
    outdated =
        meters.counter(
            "outdated_records_total", "Records replaced by a later record of the same job.");
    warmHits = meters.counter("warm_hits_total", "Renders that found their adapter warm.");
    resumedJobs = meters.counter("resumed_jobs_total", "Attempts that started from a checkpoint.");
    savedSteps = meters.counter("saved_steps_total", "Steps that these attempts did not repeat.");
    reusedSteps =
        meters.counter("steps_reused_total", "Steps that reused block results of an earlier step.");
    attempts = meters.counter("attempts_total", "Attempts by how they ended.", "outcome");
    busy = meters.counter("busy_seconds_total", "Time spent on jobs; its rate is the busy ratio.");
    streak = meters.gauge("streak", "Jobs rendered in a row with the warm adapter.");
    liveArrays = meters.gauge("live_native_arrays", "Native arrays alive, weights included.");
    engine =
        Info.builder()
            .name(Meters.prefixed("engine_info"))
            .help("Model, device and compute type of this worker.")
            .labelNames("model", "device", "compute_type")
            .register(registry);
    for (Lane lane : Lane.values()) {
      queueWait.initLabelValues(lane.text());
      startLateness.initLabelValues(lane.text());
    }
  }

  /** Starts the series at 0, so that a rate sees the first event. */
  public RenderMetrics expecting(List<String> outcomes) {
    outcomes.forEach(attempts::initLabelValues);
    return this;
  }

  /**
   * @param late below zero for a job that started early
   */
  public void startedLate(Lane lane, Duration late) {
    startLateness.labelValues(lane.text()).observe(late.toNanos() * NANOS);
  }

  /**
   * @param forecast estimated seconds
   */
  public void took(long nanos, double forecast) {
    if (forecast > 0) {
      gpuSecondsRatio.observe(nanos * NANOS / forecast);
    }
  }

  public void resident(AdapterTiers tiers, SwapCosts costs) {
    resident.labelValues("merged").set(tiers.merged().size());
    resident.labelValues("device").set(tiers.device().size());
    resident.labelValues("host").set(tiers.host().size());
    resident.labelValues("disk").set(tiers.disk().size());
    swapCost.labelValues("device").set(costs.device());
    swapCost.labelValues("host").set(costs.host());
    swapCost.labelValues("disk").set(costs.disk());
  }

  public void deviceMemory(MemoryUsage usage) {
    deviceMemory.labelValues("used").set((double) usage.getUsed());
    deviceMemory.labelValues("total").set((double) usage.getMax());
  }

  /**
   * @param parts of the plan by name, in bytes
   */
  public void planned(Map<String, Long> parts) {
    parts.forEach((part, bytes) -> planned.labelValues(part).set((double) bytes));
  }

  public void prefetchHit() {
    prefetchHits.inc();
  }

  public void outdated() {
    outdated.inc();
  }

  public void loaded(String model, String device, String computeType) {
    engine.setLabelValues(model, device, computeType);
    loading.set(0);
  }

  public void begun(Lane lane, Duration waited) {
    queueWait.labelValues(lane.text()).observe(waited.toNanos() * NANOS);
  }

  public void warmHit() {
    warmHits.inc();
  }

  public void resumed(int completedSteps) {
    resumedJobs.inc();
    savedSteps.inc(completedSteps);
  }

  public void swapped(long nanos) {
    swap.observe(nanos * NANOS);
  }

  public void stepped(long nanos) {
    step.observe(nanos * NANOS);
  }

  /**
   * @param steps how many of the steps just done reused results
   */
  public void reused(int steps) {
    reusedSteps.inc(steps);
  }

  public void decoded(long nanos) {
    decode.observe(nanos * NANOS);
  }

  /**
   * @param outcome one of a handful
   */
  public void ended(String outcome, long nanos) {
    attempts.labelValues(outcome).inc();
    busy.inc(nanos * NANOS);
    render.observe(nanos * NANOS);
  }

  public void streak(int jobs) {
    streak.set(jobs);
  }

  public void liveArrays(long arrays) {
    liveArrays.set((double) arrays);
  }
}
