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
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.Network;
import dev.polyptych.weights.model.T5Config;

/** The T5 encoder, without a mask (transformers modeling_t5.py). */
final class T5TextEncoder {
  private final T5Config config;
  private final Graph graph;
  private final EncoderWeights weights;

  private T5TextEncoder(T5Config config, EncoderWeights weights) {
    this.config = config;
    this.graph = Graph.load("t5", weights.computing());
    this.weights = weights;
  }

  /**
   * Loads the weights of a model.
   *
   * @param float8 whether its linear layers lie in float8
   */
  static T5TextEncoder load(Loading loading, boolean float8, TextPlace place, NDManager manager) {
    T5Config config = loading.folder().t5();
    Storage storage =
        float8 ? new Storage(Float8Layers.of(config), false, false) : Storage.wide(false);
    return new T5TextEncoder(
        config, EncoderWeights.load(loading, Network.T5, storage, place, manager));
  }

  /**
   * A state for every token. Padding counts as text.
   *
   * @param ids token ids of one prompt
   * @param adapters whose branch changes the encoder
   * @return (1, tokens, width), compute type, attached to {@code manager}
   */
  NDArray states(long[] ids, Weights adapters, NDManager manager) {
    return weights.with((tensors, scratch) -> states(ids, tensors, adapters, scratch), manager);
  }

  private NDArray states(long[] ids, TensorMap tensors, Weights adapters, NDManager scratch) {
    try (NDArray tokens = scratch.create(ids, new Shape(1, ids.length));
        Graph.Call call = graph.call("states")) {
      return call.with(tokens)
          .withNumbers(config.heads(), config.layers(), config.buckets(), config.farthest())
          .with(config.epsilon())
          .with(config.activation())
          .with(config.gated())
          .with(tensors)
          .with(adapters.branch())
          .with(adapters.strength())
          .tensor(scratch);
    }
  }
}
