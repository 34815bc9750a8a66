package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.SwapCosts;
import java.util.Locale;

/**
 * The work for a simulated fleet.
 *
 * @param zipf exponent of the adapters' popularity
 * @param swap seconds of a swap ÷ mean seconds of a render
 * @param load GPU-seconds requested ÷ GPU-seconds available
 * @param jobs that one worker could draw while jobs arrive
 */
record SimulatedLoad(
    Shape shape,
    int workers,
    int adapters,
    double zipf,
    double swap,
    double load,
    int jobs,
    Memory memory) {
  /** Mean seconds of a render of a published task on an H100. */
  static final double RENDER_SECONDS = 10;

  /** How jobs arrive and what happens to workers. */
  enum Shape {
    /** Jobs arrive one by one. */
    STEADY,
    /** Jobs arrive in bursts for one adapter, on average 8 in a burst. */
    BURSTS,
    /** For a third of the time half of all jobs need one adapter that was rare before. */
    FLASH,
    /** A tenth of the workers is killed. Later twice as many join. */
    CHURN
  }

  double seconds() {
    return jobs * RENDER_SECONDS;
  }

  double swapSeconds() {
    return swap * RENDER_SECONDS;
  }

  /** Nothing before this time counts. */
  double warmUp() {
    return seconds() / 4;
  }

  boolean overload() {
    return load > 1;
  }

  SimulatedLoad at(double other) {
    return new SimulatedLoad(shape, workers, adapters, zipf, swap, other, jobs, memory);
  }

  SimulatedLoad swapping(double other) {
    return new SimulatedLoad(shape, workers, adapters, zipf, other, load, jobs, memory);
  }

  /** A name without the cost of a swap, which is the axis of the plots. */
  String scene() {
    String name = shape.name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT, "%s %d×%d zipf %.1f %s", name, workers, adapters, zipf, memory.name());
  }

  /**
   * The capacity of a worker for adapters, and the cost of a swap relative to the load's.
   *
   * @param device adapters in device memory, including the warm one
   * @param host adapters in host memory
   */
  record Memory(String name, int device, int host, SwapCosts proportions) {
    /** A small card: one adapter at a time. A swap costs the same from every tier. */
    static final Memory SMALL = new Memory("small", 1, 0, new SwapCosts(1, 1, 1, 1));

    /** Several tiers. A swap from disk has the load's cost; from remote storage twice as much. */
    static final Memory TIERED = new Memory("tiered", 4, 32, new SwapCosts(0.02, 0.2, 1, 2));

    SwapCosts costs(double swapSeconds) {
      return new SwapCosts(
          proportions.device() * swapSeconds,
          proportions.host() * swapSeconds,
          proportions.disk() * swapSeconds,
          proportions.absent() * swapSeconds);
    }
  }
}
