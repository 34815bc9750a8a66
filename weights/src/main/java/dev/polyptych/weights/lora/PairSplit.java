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
  private final Matrix down;
  private final Matrix up;
  private final double factor;

  private PairSplit(List<LinearLayer> layers, Matrix down, Matrix up, double factor) {
    this.layers = layers;
    this.down = down;
    this.up = up;
    this.factor = factor;
  }

  /** One pair for each layer of the target. */
  static List<HostPair> of(LayerNames.Target target, Matrix down, Matrix up, double factor) {
    Matrix ordered = target.swapped() ? up.halvesSwapped() : up;
    if (target.layers().size() == 1) {
      return List.of(new HostPair(target.layers().getFirst(), down, ordered, factor));
    }
    PairSplit split = new PairSplit(target.layers(), down, ordered, factor);
    return split.blockDiagonal() ? split.chunks() : split.rows();
  }

  private List<HostPair> rows() {
    List<HostPair> pairs = new ArrayList<>();
    int row = 0;
    for (LinearLayer layer : layers) {
      int outputs = (int) layer.outputs();
      pairs.add(new HostPair(layer, down, up.rows(row, outputs), factor));
      row += outputs;
    }
    return pairs;
  }

  private List<HostPair> chunks() {
    List<HostPair> pairs = new ArrayList<>();
    int rank = down.rows() / layers.size();
    int row = 0;
    for (int i = 0; i < layers.size(); i++) {
      int outputs = (int) layers.get(i).outputs();
      Matrix block = up.part(row, outputs, i * rank, rank);
      pairs.add(new HostPair(layers.get(i), down.rows(i * rank, rank), block, factor));
      row += outputs;
    }
    return pairs;
  }

  private boolean blockDiagonal() {
    if (down.rows() % layers.size() != 0) {
      return false;
    }
    int rank = down.rows() / layers.size();
    int row = 0;
    for (int i = 0; i < layers.size(); i++) {
      int outputs = (int) layers.get(i).outputs();
      int right = (i + 1) * rank;
      boolean beside =
          up.part(row, outputs, 0, i * rank).zero()
              && up.part(row, outputs, right, down.rows() - right).zero();
      if (!beside) {
        return false;
      }
      row += outputs;
    }
    return true;
  }
}
