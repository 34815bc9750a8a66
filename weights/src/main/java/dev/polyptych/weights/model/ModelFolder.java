package dev.polyptych.weights.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * A FLUX folder in diffusers layout. Its configurations are read and checked against each other;
 * its weights are not touched.
 */
public record ModelFolder(
    Path path,
    TransformerConfig transformer,
    ClipConfig clip,
    T5Config t5,
    AutoencoderConfig autoencoder,
    SchedulerConfig scheduler) {
  /**
   * Reads all configurations.
   *
   * @throws ModelFolderException if a part is missing, is of another kind, or does not fit the
   *     others
   */
  public static ModelFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new ModelFolderException(
          path, "is not a folder", "give the folder that holds model_index.json");
    }
    return read(path, name -> ConfigFile.read(path.resolve(name)));
  }

  /** The published configurations of FLUX.1-dev. There are no weights behind them. */
  public static ModelFolder fluxDev() {
    Path name = Path.of("flux.1-dev");
    return read(name, file -> ConfigFile.builtIn(name.resolve(file).toString()));
  }

  private static ModelFolder read(Path path, Function<String, ConfigFile> config) {
    config.apply("model_index.json").oneOf("_class_name", "(absent)", Set.of("FluxPipeline"));
    ModelFolder folder =
        new ModelFolder(
            path,
            TransformerConfig.read(config.apply("transformer/config.json")),
            ClipConfig.read(config.apply("text_encoder/config.json")),
            T5Config.read(config.apply("text_encoder_2/config.json")),
            AutoencoderConfig.read(config.apply("vae/config.json")),
            SchedulerConfig.read(config.apply("scheduler/scheduler_config.json")));
    folder.check();
    return folder;
  }

  private void check() {
    fits(
        "in_channels",
        transformer.channels(),
        4 * autoencoder.latentChannels(),
        "vae's latent_channels times 4");
    fits("joint_attention_dim", transformer.textWidth(), t5.width(), "text_encoder_2's d_model");
    fits(
        "pooled_projection_dim",
        transformer.pooledWidth(),
        clip.width(),
        "text_encoder's hidden_size");
  }

  private void fits(String field, int value, int wanted, String source) {
    if (value != wanted) {
      throw new ModelFolderException(
          path.resolve("transformer/config.json"),
          "has " + field + " = " + value + ", but " + source + " is " + wanted,
          "use parts of one model (a text-to-image FLUX.1; Fill and control models draw from other inputs)");
    }
  }

  /**
   * A network of the model.
   *
   * @param name its folder below the model's
   * @param tensors its weights
   * @param followsComputeType whether the engine holds its weights in the compute type; otherwise
   *     it holds them in float32
   */
  public record Part(String name, TensorShapes tensors, boolean followsComputeType) {
    /** Number of values. */
    public long parameters() {
      return tensors.parameters();
    }

    /**
     * Bytes of memory that its weights take.
     *
     * @param bytesPerValue width of the compute type: 2 or 4
     */
    public long bytes(int bytesPerValue) {
      return parameters() * (followsComputeType ? bytesPerValue : Float.BYTES);
    }
  }

  /** The four networks, in the order of loading. */
  public List<Part> parts() {
    return List.of(
        new Part("text_encoder", clip.tensors(), true),
        new Part("text_encoder_2", t5.tensors(), true),
        new Part("transformer", transformer.tensors(), true),
        new Part("vae", autoencoder.tensors(), false));
  }

  /** Numbers of parameters as text for logs, for example "transformer 11.9 G parameters, …". */
  public String size() {
    return "transformer %s parameters, text encoders %s, autoencoder %s"
        .formatted(
            rounded(transformer.tensors().parameters()),
            rounded(clip.tensors().parameters() + t5.tensors().parameters()),
            rounded(autoencoder.tensors().parameters()));
  }

  private static String rounded(long parameters) {
    boolean billions = parameters >= 1e9;
    return String.format(
        Locale.ROOT, "%.1f %s", parameters / (billions ? 1e9 : 1e6), billions ? "G" : "M");
  }

  /**
   * Edge of a token in pixels (16 in FLUX.1): two latent cells. Width and height of a sheet must be
   * multiples of it.
   */
  public int tokenEdge() {
    return 2 * autoencoder.factor();
  }
}
