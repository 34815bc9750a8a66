package dev.polyptych.weights.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * A FLUX folder in diffusers layout, its configurations read and checked against each other.
 * Nothing of its weights is touched yet.
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
   * @throws ModelFolderException if a part is missing, of another kind, or does not fit the others
   */
  public static ModelFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new ModelFolderException(
          path, "is not a folder", "give the folder that holds model_index.json");
    }
    return read(path, name -> ConfigFile.read(path.resolve(name)));
  }

  /** FLUX.1-dev's published configurations: its sizes, without weights to draw with. */
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

  /** Parameters of its networks, for people. */
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
   * Edge, in pixels, of which a sheet's width and height must be multiples: one token (16 in
   * FLUX.1).
   */
  public int tokenEdge() {
    return 2 * autoencoder.factor();
  }
}
