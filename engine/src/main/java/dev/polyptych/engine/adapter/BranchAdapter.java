package dev.polyptych.engine.adapter;

import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.model.LinearLayer;
import java.util.Set;

/**
 * An adapter beside the base: y = Wx + strength * B(Ax), or what else it adds. Exact. A swap costs
 * nothing; each step pays for the small products.
 */
record BranchAdapter(
    String name,
    String digest,
    int rank,
    Set<LinearLayer> layers,
    long bytes,
    boolean changesText,
    TensorMap base,
    TensorMap branch)
    implements Adapter {
  @Override
  public Weights weights(double strength) {
    boolean text = changesText && strength != 0;
    return new Weights(base, branch, strength, text ? digest + "@" + strength : "");
  }

  /** Frees the branch, not the base. */
  @Override
  public void close() {
    branch.close();
  }
}
