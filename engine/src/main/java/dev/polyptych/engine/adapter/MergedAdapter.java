package dev.polyptych.engine.adapter;

import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;

/**
 * An adapter that is summed into layers of its own: steps cost what the base's cost. It holds for
 * one strength; a run at another one draws with the branch.
 *
 * @param merged the base's tensors, the adapter's layers replaced
 */
record MergedAdapter(Adapter branch, TensorMap merged, TensorMap noBranch, double strength)
    implements Adapter {
  @Override
  public String name() {
    return branch.name();
  }

  @Override
  public String digest() {
    return branch.digest();
  }

  @Override
  public ApplicationPolicy.Way way(double wanted) {
    return wanted == strength ? ApplicationPolicy.Way.MERGED : branch.way(wanted);
  }

  @Override
  public int rank() {
    return branch.rank();
  }

  @Override
  public int modules() {
    return branch.modules();
  }

  @Override
  public long bytes() {
    return branch.bytes();
  }

  @Override
  public Weights weights(double wanted) {
    return wanted == strength ? new Weights(merged, noBranch, 0) : branch.weights(wanted);
  }

  /** Frees the merged layers; branch and base stay their owners'. */
  @Override
  public void close() {
    merged.close();
  }
}
