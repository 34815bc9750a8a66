package dev.polyptych.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.Network;

/**
 * The autoencoder between pictures and packed latents (diffusers autoencoder_kl.py). It always
 * computes in float32: it runs once a sheet, so its speed hardly matters, and bfloat16 is too
 * coarse for 8-bit pixels and for reference latents (diffusers itself is off by 2 % there). Belongs
 * to the render thread.
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

  /**
   * Loads the weights of a folder onto the manager's device.
   *
   * @throws dev.polyptych.weights.model.ModelFolderException if the weights are missing or wrong
   */
  public static Autoencoder load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return load(new Loading(folder, loader), manager);
  }

  /** As {@link #load(ModelFolder, TensorLoader, NDManager)}. */
  public static Autoencoder load(Loading loading, NDManager manager) {
    AutoencoderConfig config = loading.folder().autoencoder();
    try (WeightSource.Opened opened = loading.source().open(loading.folder(), Network.VAE)) {
      TensorMap weights =
          loading.loader().load(opened.sources(config.tensors()), ComputeType.FLOAT32, manager);
      return new Autoencoder(config, Graph.load("autoencoder", manager), weights);
    }
  }

  /**
   * Decodes latents to a picture.
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
   * As {@link #decode}, in less memory: the layers at the finer resolutions are computed in strips.
   * Values differ in their last digits.
   *
   * @param rows of a strip
   */
  public NDArray decodeInStrips(
      NDArray packed, FluxTransformer.Grid grid, int rows, NDManager manager) {
    try (Graph.Call call = graph.call("decode_in_strips")) {
      call.with(packed)
          .withNumber(2L * grid.rows())
          .withNumber(2L * grid.columns())
          .with(config.scaling())
          .with(config.shift())
          .withNumber(rows);
      return sized(call).tensor(manager);
    }
  }

  /** Pixels as a picture (1, 3, height, width), float32, -1 to 1, attached to {@code manager}. */
  public static NDArray picture(SheetPixels pixels, NDManager manager) {
    int plane = pixels.width() * pixels.height();
    float[] values = new float[pixels.rgb().length];
    for (int i = 0; i < values.length; i++) {
      int channel = i % SheetPixels.BYTES_A_PIXEL;
      float unit = (pixels.rgb()[i] & 255) / 255f;
      values[channel * plane + i / SheetPixels.BYTES_A_PIXEL] = 2 * unit - 1;
    }
    return manager.create(values, new Shape(1, 3, pixels.height(), pixels.width()));
  }

  /**
   * Encodes a picture. Takes the mean of the posterior, so equal pictures give equal latents.
   *
   * @param picture (1, 3, height, width), float32, -1 to 1; width and height are multiples of the
   *     token edge
   * @return packed latents (1, rows * columns, 4 * latent channels), float32, attached to {@code
   *     manager}
   */
  public NDArray encode(NDArray picture, NDManager manager) {
    try (Graph.Call call = graph.call("encode")) {
      return configured(call.with(picture)).tensor(manager);
    }
  }

  /**
   * A picture (1, 3, height, width) as bytes (height, width, 3), UINT8, attached to {@code
   * manager}.
   */
  public NDArray pixels(NDArray picture, NDManager manager) {
    try (Graph.Call call = graph.call("pixels")) {
      return call.with(picture).tensor(manager);
    }
  }

  private Graph.Call configured(Graph.Call call) {
    return sized(call.with(config.scaling()).with(config.shift()));
  }

  private Graph.Call sized(Graph.Call call) {
    return call.withNumbers(config.groups(), config.widths().size(), config.blocks()).with(weights);
  }
}
