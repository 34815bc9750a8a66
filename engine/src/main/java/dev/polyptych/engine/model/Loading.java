package dev.polyptych.engine.model;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.engine.graph.TensorLoader.Storage;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A model that is being loaded.
 *
 * @param loader of the device
 */
public record Loading(ModelFolder folder, WeightSource source, TensorLoader loader) {
  /** From the model's files. */
  public Loading(ModelFolder folder, TensorLoader loader) {
    this(folder, WeightSource.files(), loader);
  }

  /** The same model to another device. */
  public Loading to(TensorLoader other) {
    return new Loading(folder, source, other);
  }

  /**
   * Loads the weights of a network. Closing the manager frees them.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if they are missing or wrong
   */
  public TensorMap weights(Network network, Storage storage, NDManager manager) {
    return weights(network, storage, name -> true, manager);
  }

  /** As {@link #weights(Network, Storage, NDManager)}, only some of them. */
  TensorMap weights(Network network, Storage storage, Predicate<String> wanted, NDManager manager) {
    try (WeightSource.Opened opened = source.open(folder, network)) {
      Map<String, Source> sources = new LinkedHashMap<>(opened.sources(folder.tensors(network)));
      sources.keySet().removeIf(wanted.negate());
      return loader.load(sources, storage, manager);
    }
  }
}
