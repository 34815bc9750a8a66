package dev.polyptych.engine.adapter;

import dev.polyptych.weights.lora.HostAdapter;

/**
 * Brings adapters from host memory to the device, in one way of drawing or the other. What it gives
 * out is whole, or an exception; the base is never written. Belongs to the render thread.
 */
public interface AdapterPlacement {
  /** The adapter beside the base. */
  Adapter branch(HostAdapter adapter);

  /**
   * The adapter in layers of its own, W + strength * B A: computed in float32 from the base's W and
   * the file's A and B, and rounded once. Layers that it leaves alone are the base's.
   *
   * @param branch of the same adapter, for runs at another strength; stays the caller's, who closes
   *     it after the merged one
   */
  Adapter merged(HostAdapter adapter, Adapter branch, double strength);

  /** Bytes that a merged adapter takes on the device besides its branch. */
  long mergedBytes(HostAdapter adapter);
}
