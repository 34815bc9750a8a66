package dev.polyptych.engine.adapter;

import dev.polyptych.engine.model.FluxTransformer.Weights;

/**
 * An adapter on the device, ready for use. Immutable. Belongs to the render thread. Close it only
 * when no run draws with it.
 */
public interface Adapter extends AutoCloseable {
  /** The file's name without ending. */
  String name();

  /** SHA-256 of its file, hexadecimal. */
  String digest();

  /** The way in which a run at this strength draws with it. */
  ApplicationPolicy.Way way(double strength);

  /** The greatest rank among its modules. */
  int rank();

  /** Number of linear layers that it adds to. */
  int modules();

  /** Bytes of its tensors on disk. */
  long bytes();

  /**
   * What the transformer draws with when this adapter is in use.
   *
   * @param strength 0 draws like the base, 1 as trained
   */
  Weights weights(double strength);

  @Override
  void close();
}
