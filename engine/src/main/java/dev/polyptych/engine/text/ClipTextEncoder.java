package dev.polyptych.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader.Storage;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.Loading;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.Network;

/** The CLIP text encoder; gives only the pooled state (transformers modeling_clip.py). */
final class ClipTextEncoder {
  private final ClipConfig config;
  private final Graph graph;
  private final EncoderWeights weights;

  private ClipTextEncoder(ClipConfig config, EncoderWeights weights) {
    this.config = config;
    this.graph = Graph.load("clip", weights.computing());
    this.weights = weights;
  }

  /** Loads the weights of a model. They are small, so they always lie in the compute type. */
  static ClipTextEncoder load(Loading loading, TextPlace place, NDManager manager) {
    return new ClipTextEncoder(
        loading.folder().clip(),
        EncoderWeights.load(loading, Network.CLIP, Storage.wide(false), place, manager));
  }

  /**
   * The hidden state of the end token.
   *
   * @param ids token ids of one prompt
   * @param adapters whose branch changes the encoder
   * @return (1, width), compute type, attached to {@code manager}
   */
  NDArray pooled(long[] ids, Weights adapters, NDManager manager) {
    return weights.with((tensors, scratch) -> pooled(ids, tensors, adapters, scratch), manager);
  }

  private NDArray pooled(long[] ids, TensorMap tensors, Weights adapters, NDManager scratch) {
    try (NDArray tokens = scratch.create(ids, new Shape(1, ids.length));
        NDArray ends = scratch.create(new long[] {config.end(ids)});
        Graph.Call call = graph.call("pooled")) {
      return call.with(tokens)
          .with(ends)
          .withNumbers(config.heads(), config.layers())
          .with(config.epsilon())
          .with(config.activation())
          .with(tensors)
          .with(adapters.branch())
          .with(adapters.strength())
          .tensor(scratch);
    }
  }
}
