package dev.polyptych.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.WeightFiles;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.T5Config;

/** The T5 encoder, without a mask (transformers modeling_t5.py). */
final class T5TextEncoder {
  private final T5Config config;
  private final Graph graph;
  private final TensorMap weights;

  private T5TextEncoder(T5Config config, Graph graph, TensorMap weights) {
    this.config = config;
    this.graph = graph;
    this.weights = weights;
  }

  /** Loads the weights of a folder onto the manager's device. */
  static T5TextEncoder load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (WeightFiles files = WeightFiles.open(folder, Network.T5)) {
      TensorMap weights = loader.load(files.sources(folder.t5().tensors()), manager);
      return new T5TextEncoder(folder.t5(), Graph.load("t5", manager), weights);
    }
  }

  /**
   * A state for every token. Padding counts as text.
   *
   * @param ids token ids of one prompt
   * @param adapters whose branch changes the encoder
   * @return (1, tokens, width), compute type, attached to {@code manager}
   */
  NDArray states(long[] ids, Weights adapters, NDManager manager) {
    try (NDArray tokens = manager.create(ids, new Shape(1, ids.length));
        Graph.Call call = graph.call("states")) {
      return call.with(tokens)
          .withNumbers(config.heads(), config.layers(), config.buckets(), config.farthest())
          .with(config.epsilon())
          .with(config.activation())
          .with(config.gated())
          .with(weights)
          .with(adapters.branch())
          .with(adapters.strength())
          .tensor(manager);
    }
  }
}
