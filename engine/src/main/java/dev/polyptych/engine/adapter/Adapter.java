package dev.polyptych.engine.adapter;

import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.model.LinearLayer;
import java.util.List;
import java.util.Set;

/**
 * An adapter on the device, beside the base. Immutable. Belongs to the render thread. Close it only
 * when no run draws with it.
 */
public interface Adapter extends AutoCloseable {
  /** The file's name without ending. */
  String name();

  /** SHA-256 of its file, hexadecimal. */
  String digest();

  /** The greatest rank among its modules. */
  int rank();

  /** The linear layers that it adds to. */
  Set<LinearLayer> layers();

  /** Bytes of its tensors on disk. */
  long bytes();

  /**
   * What the transformer draws with when this adapter is in use.
   *
   * @param strength 0 draws like the base, 1 as trained
   */
  Weights weights(double strength);

  /**
   * This adapter alone, as runs draw with it. Closing the result does nothing.
   *
   * @param scale 0 draws like the base, 1 as trained, a negative one the opposite
   */
  default AppliedAdapters at(double scale) {
    Applied applied = new Applied(name(), digest(), Way.BRANCH, scale);
    return new AppliedAdapters(List.of(applied), weights(scale), () -> {});
  }

  @Override
  void close();
}
