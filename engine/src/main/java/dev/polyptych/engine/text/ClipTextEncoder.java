package dev.polyptych.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.WeightFiles;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;

/** The CLIP text encoder; gives only the pooled state (transformers modeling_clip.py). */
final class ClipTextEncoder {
  private final ClipConfig config;
  private final Graph graph;
  private final TensorMap weights;

  private ClipTextEncoder(ClipConfig config, Graph graph, TensorMap weights) {
    this.config = config;
    this.graph = graph;
    this.weights = weights;
  }

  /** Loads the weights of a folder onto the manager's device. */
  static ClipTextEncoder load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (WeightFiles files = WeightFiles.open(folder, Network.CLIP)) {
      TensorMap weights = loader.load(files.sources(folder.clip().tensors()), manager);
      return new ClipTextEncoder(folder.clip(), Graph.load("clip", manager), weights);
    }
  }

  /**
   * The hidden state of the end token.
   *
   * @param ids token ids of one prompt
   * @param adapters whose branch changes the encoder
   * @return (1, width), compute type, attached to {@code manager}
   */
  NDArray pooled(long[] ids, Weights adapters, NDManager manager) {
    try (NDArray tokens = manager.create(ids, new Shape(1, ids.length));
        NDArray ends = manager.create(new long[] {config.end(ids)});
        Graph.Call call = graph.call("pooled")) {
      return call.with(tokens)
          .with(ends)
          .withNumbers(config.heads(), config.layers())
          .with(config.epsilon())
          .with(config.activation())
          .with(weights)
          .with(adapters.branch())
          .with(adapters.strength())
          .tensor(manager);
    }
  }
}
