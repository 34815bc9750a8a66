package dev.polyptych.engine.denoise;

import dev.polyptych.engine.graph.ComputeType;
import java.util.Optional;

/**
 * How the engine uses the machine.
 *
 * @param computeType empty: what the device multiplies natively
 * @param intraOpThreads threads of one operation on the CPU, for the whole process; 0: all
 *     processors but one. An operation's threads spin at its end until the last is done, so a
 *     processor that something else keeps busy makes every operation slow: on 2 busy processors 20
 *     steps of the tiny model took 10 s with 2 threads and 0.4 s with 1.
 */
public record EngineOptions(
    DeviceChoice device, Optional<ComputeType> computeType, int intraOpThreads) {
  public EngineOptions {
    if (intraOpThreads < 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must not be negative, was " + intraOpThreads);
    }
  }

  /** The number of threads, chosen by the machine where it was left open. */
  public int threads() {
    return intraOpThreads > 0
        ? intraOpThreads
        : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }

  /** Everything chosen by the machine. */
  public static EngineOptions automatic() {
    return new EngineOptions(DeviceChoice.AUTO, Optional.empty(), 0);
  }

  /** On the CPU in the given type. */
  public static EngineOptions cpu(ComputeType computeType) {
    return new EngineOptions(DeviceChoice.CPU, Optional.of(computeType), 0);
  }
}
