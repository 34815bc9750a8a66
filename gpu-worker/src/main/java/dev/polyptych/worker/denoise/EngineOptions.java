package dev.polyptych.worker.denoise;

import dev.polyptych.worker.model.graph.ComputeType;
import java.util.Optional;

/**
 * How the engine uses the machine.
 *
 * @param computeType empty: what the device multiplies natively
 * @param intraOpThreads threads of one operation on the CPU, for the whole process; 0: PyTorch's
 *     own choice
 */
public record EngineOptions(
    DeviceChoice device, Optional<ComputeType> computeType, int intraOpThreads) {
  public EngineOptions {
    if (intraOpThreads < 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must not be negative, was " + intraOpThreads);
    }
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
