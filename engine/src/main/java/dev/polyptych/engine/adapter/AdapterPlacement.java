package dev.polyptych.engine.adapter;

import dev.polyptych.weights.lora.HostAdapter;

/**
 * Brings adapters from host memory to the device, as a branch or merged. Returns a complete adapter
 * or throws. Never writes the base. Belongs to the render thread.
 */
public interface AdapterPlacement {
  /** The adapter beside the base. */
  Adapter branch(HostAdapter adapter);

  /**
   * The adapter in layers of its own, W + strength * B A: computed in float32 from the base's W and
   * the file's A and B, and rounded once. Other layers are the base's.
   *
   * @param branch of the same adapter, for runs at another strength. The caller closes it, after
   *     the merged one
   */
  Adapter merged(HostAdapter adapter, Adapter branch, double strength);

  /** Bytes that a merged adapter takes on the device besides its branch. */
  long mergedBytes(HostAdapter adapter);
}
