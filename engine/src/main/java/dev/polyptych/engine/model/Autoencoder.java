package dev.polyptych.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import java.util.List;

/**
 * The autoencoder between pictures and packed latents (diffusers autoencoder_kl.py). Computes in
 * float32 whatever the compute type is: it runs once a sheet, so speed hardly counts, and bfloat16
 * has too few digits for 8-bit pixels and for reference latents (the reference implementation, too,
 * is off by 2 % there). Belongs to the render thread.
 */
public final class Autoencoder {
  private final AutoencoderConfig config;
  private final Graph graph;
  private final TensorMap weights;

  private Autoencoder(AutoencoderConfig config, Graph graph, TensorMap weights) {
    this.config = config;
    this.graph = graph;
    this.weights = weights;
  }

  /** Loads the weights of a folder onto the manager's device. */
  public static Autoencoder load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (WeightFiles files =
        WeightFiles.open(folder.path().resolve("vae"), "diffusion_pytorch_model")) {
      TensorMap weights =
          loader.load(
              files.sources(folder.autoencoder().tensors(), List::of),
              ComputeType.FLOAT32,
              manager);
      return new Autoencoder(folder.autoencoder(), Graph.load("autoencoder", manager), weights);
    }
  }

  /**
   * Latents to picture.
   *
   * @param packed latents (1, rows * columns, 4 * latent channels), float32
   * @return (1, 3, height, width), float32, nominally -1 to 1, attached to {@code manager}
   */
  public NDArray decode(NDArray packed, FluxTransformer.Grid grid, NDManager manager) {
    try (Graph.Call call = graph.call("decode")) {
      call.with(packed).withNumber(2L * grid.rows()).withNumber(2L * grid.columns());
      return configured(call).tensor(manager);
    }
  }

  /**
   * Picture to latents: the mean of the posterior, so the same picture gives the same latents.
   *
   * @param picture (1, 3, height, width), float32, -1 to 1; edges are multiples of a token's
   * @return packed latents (1, rows * columns, 4 * latent channels), float32, attached to {@code
   *     manager}
   */
  public NDArray encode(NDArray picture, NDManager manager) {
    try (Graph.Call call = graph.call("encode")) {
      return configured(call.with(picture)).tensor(manager);
    }
  }

  /**
   * Picture (1, 3, height, width) to bytes (height, width, 3), UINT8, attached to {@code manager}.
   */
  public NDArray pixels(NDArray picture, NDManager manager) {
    try (Graph.Call call = graph.call("pixels")) {
      return call.with(picture).tensor(manager);
    }
  }

  private Graph.Call configured(Graph.Call call) {
    return call.with(config.scaling())
        .with(config.shift())
        .withNumbers(config.groups(), config.widths().size(), config.blocks())
        .with(weights);
  }
}
