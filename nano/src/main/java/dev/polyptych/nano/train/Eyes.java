package dev.polyptych.nano.train;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an autoencoder's pictures are compared with beside their colours: the features of a trained
 * scorer's first blocks. They keep what tells one figure from another, which is small.
 */
final class Eyes {
  /** Of the blocks that look; the scorer's first ones. */
  private static final long[] STRIDES = {1, 2, 1, 2, 1};

  private final double weight;
  private final TensorMap weights;

  private Eyes(double weight, TensorMap weights) {
    this.weight = weight;
    this.weights = weights;
  }

  /** None: colours are all that counts. */
  static Eyes closed(NDManager manager) {
    return new Eyes(0, TensorMap.empty(manager));
  }

  /**
   * The eyes of a scorer.
   *
   * @param weight of the features' squared differences, against an absolute difference of colours
   */
  static Eyes of(Path scorer, double weight, ComputeType type, NDManager manager) {
    try (SafetensorsFile file = SafetensorsFile.open(scorer)) {
      Map<String, TensorLoader.Source> sources = new LinkedHashMap<>();
      file.names().stream()
          .filter(name -> name.startsWith("blocks."))
          .forEach(name -> sources.put(name, new TensorLoader.Source(file, name)));
      return new Eyes(weight, TensorLoader.forTraining(manager, type).load(sources, manager));
    }
  }

  /** Adds weight, strides and weights to a call. */
  Graph.Call with(Graph.Call call) {
    return call.with(weight).withNumbers(STRIDES).with(weights);
  }
}
