package dev.polyptych.lab.simulator;

import java.util.Locale;

/**
 * What is asked of the fleet.
 *
 * @param zipf exponent of the adapters' popularity
 * @param swap seconds of a swap ÷ mean seconds of a render
 * @param load GPU-seconds asked for ÷ GPU-seconds there are
 * @param jobs a worker could draw while jobs come
 */
record Load(
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

  Load at(double other) {
    return new Load(shape, workers, adapters, zipf, swap, other, jobs, memory);
  }

  Load swapping(double other) {
    return new Load(shape, workers, adapters, zipf, other, load, jobs, memory);
  }

  /** Without what is varied on the plots' axis. */
  String scene() {
    String name = shape.name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT, "%s %d×%d zipf %.1f %s", name, workers, adapters, zipf, memory.name());
  }
}
