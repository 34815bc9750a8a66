package dev.polyptych.lab.simulator;

import dev.polyptych.schema.fleet.SwapCosts;
import java.util.Locale;

/**
 * What is asked of the fleet.
 *
 * @param zipf exponent of the adapters' popularity
 * @param swap seconds of a swap ÷ mean seconds of a render
 * @param load GPU-seconds asked for ÷ GPU-seconds there are
 * @param jobs a worker could draw while jobs come
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
  /** Mean seconds of a render: an H100's, for a published task. */
  static final double RENDER_SECONDS = 10;

  /** What happens besides. */
  enum Shape {
    /** Jobs come one by one. */
    STEADY,
    /** Jobs come in bursts of one adapter, 8 on the mean. */
    BURSTS,
    /** Half of all jobs want one adapter, formerly rare, for a third of the time. */
    FLASH,
    /** A tenth of the workers are killed, and later replaced by twice as many. */
    CHURN
  }

  double seconds() {
    return jobs * RENDER_SECONDS;
  }

  double swapSeconds() {
    return swap * RENDER_SECONDS;
  }

  /** Before this nothing counts: the fleet is finding its feet. */
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

  /** Without what is varied on the plots' axis. */
  String scene() {
    String name = shape.name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT, "%s %d×%d zipf %.1f %s", name, workers, adapters, zipf, memory.name());
  }

  /**
   * What a worker can hold, and what a swap costs in proportion to the load's.
   *
   * @param device adapters in the device's memory, the warm one included
   * @param host adapters in the process's memory
   */
  record Memory(String name, int device, int host, SwapCosts proportions) {
    /** A small card: one adapter at a time, and the same cost wherever the next comes from. */
    static final Memory SMALL = new Memory("small", 1, 0, new SwapCosts(1, 1, 1, 1));

    /** Some in reach; a file is what the load's swap costs, one that has to be fetched twice. */
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
