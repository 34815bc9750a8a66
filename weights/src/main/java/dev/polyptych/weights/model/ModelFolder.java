package dev.polyptych.weights.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A FLUX model: a folder in diffusers layout, a single file, or parts that a model file names. Its
 * configurations are read and checked against each other; its weights are not loaded.
 *
 * @param path the folder, or the one that the file lies in
 * @param file where its weights and tokenizers lie
 */
public record ModelFolder(
    Path path,
    TransformerConfig transformer,
    ClipConfig clip,
    T5Config t5,
    AutoencoderConfig autoencoder,
    SchedulerConfig scheduler,
    ModelFile file) {
  /** Classes of pipelines. Whether it is Fill tells the transformer's configuration. */
  private static final Set<String> PIPELINES =
      new TreeSet<>(
          Set.of(
              "FluxPipeline",
              "FluxImg2ImgPipeline",
              "FluxInpaintPipeline",
              "FluxFillPipeline",
              "FluxKontextPipeline",
              "FluxKontextInpaintPipeline"));

  /** A folder in diffusers layout. */
  public ModelFolder(
      Path path,
      TransformerConfig transformer,
      ClipConfig clip,
      T5Config t5,
      AutoencoderConfig autoencoder,
      SchedulerConfig scheduler) {
    this(path, transformer, clip, t5, autoencoder, scheduler, ModelFile.folder(path));
  }

  /**
   * Reads all configurations. A model that has none gets them from the shapes of its weights.
   *
   * @param path a folder in diffusers layout, a safetensors file that holds all networks, or a
   *     model file (YAML)
   * @throws ModelFolderException if a part is missing, is of another kind, or does not fit the
   *     others
   */
  public static ModelFolder open(Path path) {
    ModelFile file = ModelFile.read(path);
    if (file.configuration().isPresent()) {
      Path folder = file.configuration().get();
      return read(home(path), file, name -> ConfigFile.read(folder.resolve(name)));
    }
    return measured(home(path), file);
  }

  private static Path home(Path path) {
    return Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
  }

  /** The published configurations of FLUX.1-dev. There are no weights behind them. */
  public static ModelFolder fluxDev() {
    Path name = Path.of("flux.1-dev");
    return read(
        name, ModelFile.folder(name), file -> ConfigFile.builtIn(name.resolve(file).toString()));
  }

  private static ModelFolder read(Path path, ModelFile file, Function<String, ConfigFile> config) {
    ConfigFile index = config.apply("model_index.json");
    index.oneOf("_class_name", "(absent)", PIPELINES);
    ModelFolder folder =
        new ModelFolder(
            path,
            TransformerConfig.read(config.apply("transformer/config.json")),
            ClipConfig.read(config.apply("text_encoder/config.json")),
            T5Config.read(config.apply("text_encoder_2/config.json")),
            AutoencoderConfig.read(config.apply("vae/config.json")),
            SchedulerConfig.read(config.apply("scheduler/scheduler_config.json")),
            file);
    folder.check();
    return folder;
  }

  private static ModelFolder measured(Path path, ModelFile file) {
    TransformerConfig transformer = measured(file, Network.TRANSFORMER, FileGeometry::transformer);
    ModelFolder model =
        new ModelFolder(
            path,
            transformer,
            measured(file, Network.CLIP, FileGeometry::clip),
            measured(file, Network.T5, FileGeometry::t5),
            measured(file, Network.VAE, FileGeometry::autoencoder),
            FileGeometry.scheduler(transformer),
            file);
    model.check();
    return model;
  }

  private static <T> T measured(
      ModelFile file, Network network, Function<PartWeights, T> measuring) {
    try (PartWeights weights = PartWeights.open(file.weights(network), network)) {
      return measuring.apply(weights);
    }
  }

  /** Names and shapes of a network's tensors. */
  public TensorShapes tensors(Network network) {
    return switch (network) {
      case TRANSFORMER -> transformer.tensors();
      case CLIP -> clip.tensors();
      case T5 -> t5.tensors();
      case VAE -> autoencoder.tensors();
    };
  }

  /** The family's member as far as the transformer's sizes tell it. */
  public String family() {
    TransformerConfig published = fluxDev().transformer();
    if (transformer.equals(published)) {
      return "FLUX.1-dev, Krea or Kontext (their tensors look alike)";
    }
    if (transformer.fills()) {
      return "FLUX.1 Fill (in-painting)";
    }
    boolean blocks =
        transformer.doubleBlocks() == published.doubleBlocks()
            && transformer.singleBlocks() == published.singleBlocks()
            && transformer.width() == published.width();
    return blocks && !transformer.guided()
        ? "FLUX.1-schnell"
        : "FLUX.1 of other sizes: %d double and %d single blocks, %d heads of width %d"
            .formatted(
                transformer.doubleBlocks(),
                transformer.singleBlocks(),
                transformer.heads(),
                transformer.headWidth());
  }

  private void check() {
    fits(
        transformer.fills() ? "out_channels" : "in_channels",
        transformer.channels(),
        4 * autoencoder.latentChannels(),
        "vae's latent_channels times 4");
    if (transformer.fills()) {
      fits(
          "in_channels",
          transformer.inputs(),
          2 * transformer.channels() + tokenEdge() * tokenEdge(),
          "the sum of noise, masked picture and mask");
    }
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
          file.configuration()
              .map(folder -> folder.resolve("transformer/config.json"))
              .orElse(file.path()),
          "has " + field + " = " + value + ", but " + source + " is " + wanted,
          "use parts of one model (a text-to-image FLUX.1 or Fill)");
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
   * The most T5 tokens that its transformer was trained to read. schnell, which has no guidance,
   * was distilled with fewer (its model card: max_sequence_length).
   */
  public int textTokens() {
    return transformer.guided() ? 512 : 256;
  }

  /**
   * Edge of a token in pixels (16 in FLUX.1): two latent cells. Width and height of a sheet must be
   * multiples of it.
   */
  public int tokenEdge() {
    return 2 * autoencoder.factor();
  }
}
