package dev.polyptych.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.WeightFiles;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import java.util.List;

/**
 * The CLIP text encoder, pooled state only (transformers modeling_clip.py). Belongs to the render
 * thread.
 */
public final class ClipTextEncoder {
  private final ClipConfig config;
  private final Graph graph;
  private final TensorMap weights;

  private ClipTextEncoder(ClipConfig config, Graph graph, TensorMap weights) {
    this.config = config;
    this.graph = graph;
    this.weights = weights;
  }

  /** Loads the weights of a folder onto the manager's device. */
  public static ClipTextEncoder load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (WeightFiles files = WeightFiles.open(folder.path().resolve("text_encoder"), "model")) {
      // Published files carry the prefix of the class around the encoder; newer transformers write
      // without it.
      TensorMap weights =
          loader.load(
              files.sources(folder.clip().tensors(), name -> List.of("text_model." + name, name)),
              manager);
      return new ClipTextEncoder(folder.clip(), Graph.load("clip", manager), weights);
    }
  }

  /**
   * The state of the end token.
   *
   * @param ids token ids of one prompt
   * @return (1, width), compute type, attached to {@code manager}
   */
  public NDArray pooled(long[] ids, NDManager manager) {
    try (NDArray tokens = manager.create(ids, new Shape(1, ids.length));
        NDArray ends = manager.create(new long[] {config.end(ids)});
        Graph.Call call = graph.call("pooled")) {
      return call.with(tokens)
          .with(ends)
          .withNumbers(config.heads(), config.layers())
          .with(config.epsilon())
          .with(config.activation())
          .with(weights)
          .tensor(manager);
    }
  }
}
