package dev.polyptych.engine.plan;

import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.util.Map;
import java.util.Set;

/**
 * What a plan is made for.
 *
 * @param stored tensors that the model's files hold in float8 (e4m3), by network
 * @param gpu whether the device is a GPU; otherwise it is the CPU
 * @param deviceBytes of the device's memory that the engine may use
 * @param room the sheet and the adapters
 */
public record MemoryDemand(
    ModelFolder model,
    Map<Network, Set<String>> stored,
    ComputeType computeType,
    WeightType weightType,
    boolean gpu,
    long deviceBytes,
    Room room) {
  public MemoryDemand {
    stored = Map.copyOf(stored);
  }

  /**
   * What is to fit beside the model.
   *
   * @param width of the largest sheet in pixels
   * @param height of the largest sheet in pixels
   * @param adapterBytes of adapters on the device
   * @param mergedBytes of layers of merged adapters
   */
  public record Room(int width, int height, long adapterBytes, long mergedBytes) {
    /** A sheet and no adapter. */
    public static Room of(int width, int height) {
      return new Room(width, height, 0, 0);
    }
  }

  /** With another device. */
  public MemoryDemand on(long bytes) {
    return new MemoryDemand(model, stored, computeType, weightType, gpu, bytes, room);
  }

  /** With weights of another type. */
  public MemoryDemand with(WeightType type) {
    return new MemoryDemand(model, stored, computeType, type, gpu, deviceBytes, room);
  }
}
