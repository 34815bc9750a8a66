package dev.polyptych.engine.adapter;

import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;

/**
 * An adapter that is added into layers of its own, so a step costs what a step of the base costs.
 * It has one strength. A run at another strength draws with the branch.
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

  /** Frees the merged layers, not the branch and the base. */
  @Override
  public void close() {
    merged.close();
  }
}
