package dev.polyptych.engine.adapter;

import dev.polyptych.weights.lora.HostAdapter;
import java.util.List;

/**
 * Brings adapters from host memory to the device, as a branch or merged. Returns complete adapters
 * or throws. Never writes the base. Belongs to the render thread.
 */
public interface AdapterPlacement {
  /** The adapter beside the base. */
  Adapter branch(HostAdapter adapter);

  /**
   * Branches together: W x + sum of scale * B (A x). One is used as it is. Several are joined along
   * the rank, so that a step still makes two products a layer: A = [A1; A2], B = [scale1 * B1,
   * scale2 * B2]. The joined tensors take as much memory as the branches.
   *
   * @param scales one for each
   */
  AppliedAdapters joined(List<Adapter> branches, List<Double> scales);

  /**
   * Adapters in layers of their own, W + sum of scale * B A: computed in float32 from the base's W
   * and the files' A and B, added in order, and rounded once. Other layers are the base's. A step
   * costs what a step of the base costs.
   *
   * @param scales one for each
   */
  AppliedAdapters merged(List<HostAdapter> adapters, List<Double> scales);

  /** Bytes that these adapters take on the device when they are merged, besides their branches. */
  long mergedBytes(List<Adapter> branches);
}
