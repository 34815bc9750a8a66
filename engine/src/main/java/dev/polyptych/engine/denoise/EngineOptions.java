package dev.polyptych.engine.denoise;

import ai.djl.Device;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import java.util.Optional;

/**
 * How the engine uses the machine.
 *
 * @param computeType empty: that of the weights, or the fastest one that the device multiplies
 *     natively
 * @param weightType how the weights of transformer and T5 encoder lie in memory
 * @param products how the transformer multiplies with float8 weights
 * @param room what is to fit beside the model, for the plan of the device's memory; empty: no plan,
 *     everything stays on the device
 * @param intraOpThreads CPU threads of one operation, for the whole process; 0: all processors but
 *     one. At the end of an operation its threads spin until the last one is done. One busy
 *     processor therefore slows every operation down: on 2 busy processors 20 steps of the tiny
 *     model took 10 s with 2 threads and 0.4 s with 1.
 */
public record EngineOptions(
    DeviceChoice device,
    Optional<ComputeType> computeType,
    WeightType weightType,
    Float8Products products,
    Optional<Room> room,
    int intraOpThreads) {
  /**
   * @throws IllegalArgumentException if intraOpThreads is negative, or the weights are to be wider
   *     or narrower than what is computed in
   */
  public EngineOptions {
    if (intraOpThreads < 0) {
      throw new IllegalArgumentException(
          "intraOpThreads must not be negative, was " + intraOpThreads);
    }
    weightType
        .computeType()
        .flatMap(wanted -> computeType.filter(other -> other != wanted))
        .ifPresent(other -> refuse(weightType, other));
  }

  private static void refuse(WeightType weights, ComputeType computing) {
    throw new IllegalArgumentException(
        "weights in %s are computed with in %s, not in %s: leave one of both out"
            .formatted(weights.text(), weights.text(), computing.text()));
  }

  /** With weights that lie in the type that is computed in, and no plan. */
  public EngineOptions(DeviceChoice device, Optional<ComputeType> computeType, int intraOpThreads) {
    this(
        device,
        computeType,
        WeightType.AUTO,
        Float8Products.AUTO,
        Optional.empty(),
        intraOpThreads);
  }

  /** With another type of weights. */
  public EngineOptions with(WeightType type) {
    return new EngineOptions(device, computeType, type, products, room, intraOpThreads);
  }

  /** With another way to multiply float8 weights. */
  public EngineOptions with(Float8Products way) {
    return new EngineOptions(device, computeType, weightType, way, room, intraOpThreads);
  }

  /** With a plan of the device's memory. */
  public EngineOptions with(Room beside) {
    return new EngineOptions(
        device, computeType, weightType, products, Optional.of(beside), intraOpThreads);
  }

  /** The type to compute in on a device. */
  ComputeType computeType(Device on) {
    return computeType.or(weightType::computeType).orElseGet(() -> ComputeType.nativeTo(on));
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
