package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a stacked pair among its layers. If separate layers were trained and then stacked, B is
 * block-diagonal over equal chunks of the rank, and each layer gets its own chunk back. Otherwise
 * each layer gets all of A and its own rows of B. Both ways give the same picture; the first costs
 * a third or a quarter of the work (diffusers {@code _convert_to_ai_toolkit_cat}).
 */
final class PairSplit {
  private final List<LinearLayer> layers;
  private final Delta.LowRank whole;

  private PairSplit(List<LinearLayer> layers, Delta.LowRank whole) {
    this.layers = layers;
    this.whole = whole;
  }

  /** One pair for each layer. */
  static List<Delta> of(List<LinearLayer> layers, Delta.LowRank whole) {
    PairSplit split = new PairSplit(layers, whole);
    return split.blockDiagonal() ? split.chunks() : split.rows();
  }

  private List<Delta> rows() {
    List<Delta> pairs = new ArrayList<>();
    int row = 0;
    for (LinearLayer layer : layers) {
      int outputs = (int) layer.outputs();
      Matrix up = whole.up().rows(row, outputs);
      pairs.add(new Delta.LowRank(whole.down(), up, whole.factor()));
      row += outputs;
    }
    return pairs;
  }

  private List<Delta> chunks() {
    List<Delta> pairs = new ArrayList<>();
    int rank = whole.rank() / layers.size();
    int row = 0;
    for (int i = 0; i < layers.size(); i++) {
      int outputs = (int) layers.get(i).outputs();
      Matrix block = whole.up().part(row, outputs, i * rank, rank);
      Matrix down = whole.down().rows(i * rank, rank);
      pairs.add(new Delta.LowRank(down, block, whole.factor()));
      row += outputs;
    }
    return pairs;
  }

  private boolean blockDiagonal() {
    if (whole.rank() % layers.size() != 0) {
      return false;
    }
    int rank = whole.rank() / layers.size();
    int row = 0;
    for (int i = 0; i < layers.size(); i++) {
      int outputs = (int) layers.get(i).outputs();
      int right = (i + 1) * rank;
      boolean beside =
          whole.up().part(row, outputs, 0, i * rank).zero()
              && whole.up().part(row, outputs, right, whole.rank() - right).zero();
      if (!beside) {
        return false;
      }
      row += outputs;
    }
    return true;
  }
}
