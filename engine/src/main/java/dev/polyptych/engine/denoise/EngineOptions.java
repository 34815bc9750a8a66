package dev.polyptych.engine.denoise;

import dev.polyptych.engine.graph.ComputeType;
import java.util.Optional;

/**
 * How the engine uses the machine.
 *
 * @param computeType empty: the fastest type that the device multiplies natively
 * @param intraOpThreads CPU threads of one operation, for the whole process; 0: all processors but
 *     one. At the end of an operation its threads spin until the last one is done. One busy
 *     processor therefore slows every operation down: on 2 busy processors 20 steps of the tiny
 *     model took 10 s with 2 threads and 0.4 s with 1.
 */
public record EngineOptions(
    DeviceChoice device, Optional<ComputeType> computeType, int intraOpThreads) {
  /**
   * @throws IllegalArgumentException if intraOpThreads is negative
   */
  public EngineOptions {
    if (intraOpThreads < 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must not be negative, was " + intraOpThreads);
    }
  }

  /** The number of threads: as given, or derived from the machine if 0 was given. */
  public int threads() {
    return intraOpThreads > 0
        ? intraOpThreads
        : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }

  /** All options derived from the machine. */
  public static EngineOptions automatic() {
    return new EngineOptions(DeviceChoice.AUTO, Optional.empty(), 0);
  }

  /** On the CPU in a given type. */
  public static EngineOptions cpu(ComputeType computeType) {
    return new EngineOptions(DeviceChoice.CPU, Optional.of(computeType), 0);
  }
}
