package dev.polyptych.nano.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.engine.model.WeightFiles;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;

/**
 * Encodes and decodes pictures with a model's autoencoder, as for any generated picture, many at a
 * time. Belongs to one thread.
 */
public final class Reconstruction {
  private final AutoencoderConfig config;
  private final Graph graph;
  private final TensorMap weights;

  private Reconstruction(AutoencoderConfig config, Graph graph, TensorMap weights) {
    this.config = config;
    this.graph = graph;
    this.weights = weights;
  }

  /**
   * Loads a folder's autoencoder. The manager owns it.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if the folder has none
   */
  public static Reconstruction load(ModelFolder folder, ComputeType type, NDManager manager) {
    AutoencoderConfig config = folder.autoencoder();
    try (WeightFiles files = WeightFiles.open(folder, Network.VAE)) {
      TensorMap weights =
          new TensorLoader(manager, type).load(files.sources(config.tensors()), manager);
      return new Reconstruction(config, Graph.load("reconstruction", manager), weights);
    }
  }

  /**
   * The reconstructed pictures.
   *
   * @param pictures (pictures, 3, height, width), float32, -1 to 1
   * @param level deviation of noise that is added to the latents, whose deviation is 1
   * @param seed of that noise
   * @return the same shape, attached to {@code manager}
   */
  NDArray of(NDArray pictures, double level, long seed, NDManager manager) {
    Shape shape = pictures.getShape();
    int factor = config.factor();
    Shape latents =
        new Shape(
            shape.get(0), config.latentChannels(), shape.get(2) / factor, shape.get(3) / factor);
    float[] noise = new SeededNormal(seed).numbers(Math.toIntExact(latents.size()));
    for (int i = 0; i < noise.length; i++) {
      noise[i] *= (float) level;
    }
    try (NDArray added = manager.create(noise, latents);
        Graph.Call call = graph.call("through")) {
      return call.with(pictures)
          .with(added)
          .with(config.scaling())
          .withNumbers(config.groups(), config.widths().size(), config.blocks())
          .with(weights)
          .tensor(manager);
    }
  }
}
