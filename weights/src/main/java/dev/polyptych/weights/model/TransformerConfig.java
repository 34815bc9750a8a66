package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sizes of a FLUX transformer ({@code transformer/config.json}; defaults as in diffusers'
 * FluxTransformer2DModel).
 *
 * @param inputs channels of a token that goes in: {@code channels}, and in Fill the latents of the
 *     masked picture and the mask beside them (384 in FLUX.1 Fill)
 * @param channels of a packed latent token, which comes out (64 in FLUX.1: 16 latent channels of
 *     2x2 cells)
 * @param doubleBlocks blocks with separate image and text streams
 * @param singleBlocks blocks over the joined stream
 * @param textWidth width of the T5 states
 * @param pooledWidth width of the pooled CLIP state
 * @param guided whether the guidance scale is an input (FLUX.1-dev) or not (schnell)
 * @param axes how a head's width is divided among the three position axes (always 0, row, column);
 *     their sum is the head width
 */
public record TransformerConfig(
    int inputs,
    int channels,
    int doubleBlocks,
    int singleBlocks,
    int heads,
    int headWidth,
    int textWidth,
    int pooledWidth,
    boolean guided,
    List<Integer> axes) {
  /** Width of the sinusoidal embedding of time and guidance; fixed in diffusers. */
  private static final int SINUS_WIDTH = 256;

  private static final List<String> DOUBLE_ATTENTION =
      List.of(
          "to_q",
          "to_k",
          "to_v",
          "add_q_proj",
          "add_k_proj",
          "add_v_proj",
          "to_out.0",
          "to_add_out");

  public TransformerConfig {
    axes = List.copyOf(axes);
  }

  /** A transformer that draws from noise alone. */
  public TransformerConfig(
      int channels,
      int doubleBlocks,
      int singleBlocks,
      int heads,
      int headWidth,
      int textWidth,
      int pooledWidth,
      boolean guided,
      List<Integer> axes) {
    this(
        channels,
        channels,
        doubleBlocks,
        singleBlocks,
        heads,
        headWidth,
        textWidth,
        pooledWidth,
        guided,
        axes);
  }

  /**
   * Reads {@code transformer/config.json}.
   *
   * @throws ModelFolderException if the file describes another network
   */
  static TransformerConfig read(ConfigFile file) {
    file.oneOf("_class_name", "FluxTransformer2DModel", Set.of("FluxTransformer2DModel"));
    int inputs = file.positive("in_channels", 64);
    TransformerConfig config =
        new TransformerConfig(
            inputs,
            file.positive("out_channels", inputs),
            file.natural("num_layers", 19),
            file.natural("num_single_layers", 38),
            file.positive("num_attention_heads", 24),
            file.positive("attention_head_dim", 128),
            file.positive("joint_attention_dim", 4096),
            file.positive("pooled_projection_dim", 768),
            file.flag("guidance_embeds", false),
            file.has("axes_dims_rope") ? file.positives("axes_dims_rope") : List.of(16, 56, 56));
    config.check(file);
    return config;
  }

  /**
   * Reads the content of a {@code transformer/config.json}, for a model that is not here.
   *
   * @param name of the model, for messages
   * @throws ModelFolderException if the content describes another network
   */
  public static TransformerConfig of(String name, JsonNode content) {
    return read(ConfigFile.of(name, content));
  }

  private void check(ConfigFile file) {
    if (file.positive("patch_size", 1) != 1) {
      throw file.wrong("patch_size", "1");
    }
    checkInputs(file.path());
    boolean even = axes.stream().allMatch(axis -> axis % 2 == 0);
    if (axes.size() != 3 || !even || axes.stream().mapToInt(Integer::intValue).sum() != headWidth) {
      throw file.wrong("axes_dims_rope", "three even numbers that add up to attention_head_dim");
    }
  }

  /**
   * Refuses transformers that draw from inputs that are neither noise alone nor Fill's.
   *
   * @param place where it is described
   */
  void checkInputs(Path place) {
    if (inputs != channels && maskChannels() < 1) {
      throw new ModelFolderException(
          place,
          "has a transformer of %d input and %d output channels, which is a control model (it draws from a picture of edges or depths) or another edited one, and is not supported"
              .formatted(inputs, channels),
          "use a text-to-image FLUX.1 (dev, Krea, Kontext, schnell) or Fill");
    }
  }

  /** Whether it is told beside the noise what to keep of a picture, as FLUX.1 Fill. */
  public boolean fills() {
    return inputs != channels;
  }

  /** Channels of Fill's mask: a value for each pixel of a token. */
  public int maskChannels() {
    return inputs - 2 * channels;
  }

  /** Width of the hidden states. */
  public int width() {
    return heads * headWidth;
  }

  /** All linear layers, in the order of the forward pass. A LoRA may change each of them. */
  public List<LinearLayer> linearLayers() {
    List<LinearLayer> layers = new ArrayList<>(embedders());
    for (int i = 0; i < doubleBlocks; i++) {
      layers.addAll(doubleBlock("transformer_blocks." + i, width()));
    }
    for (int i = 0; i < singleBlocks; i++) {
      layers.addAll(singleBlock("single_transformer_blocks." + i, width()));
    }
    layers.add(new LinearLayer("norm_out.linear", width(), 2L * width()));
    layers.add(new LinearLayer("proj_out", width(), channels));
    return layers;
  }

  /** Names (as in diffusers' transformer_flux.py) and shapes of all tensors. */
  public TensorShapes tensors() {
    TensorShapes shapes = new TensorShapes();
    linearLayers().forEach(layer -> shapes.linear(layer.module(), layer.inputs(), layer.outputs()));
    norms().forEach(norm -> shapes.tensor(norm + ".weight", headWidth));
    return shapes;
  }

  /** Names of the norms of queries and keys. Each has a weight of the head's width. */
  public List<String> norms() {
    List<String> norms = new ArrayList<>();
    for (int i = 0; i < doubleBlocks; i++) {
      for (String norm : List.of("norm_q", "norm_k", "norm_added_q", "norm_added_k")) {
        norms.add("transformer_blocks." + i + ".attn." + norm);
      }
    }
    for (int i = 0; i < singleBlocks; i++) {
      for (String norm : List.of("norm_q", "norm_k")) {
        norms.add("single_transformer_blocks." + i + ".attn." + norm);
      }
    }
    return norms;
  }

  private List<LinearLayer> embedders() {
    long width = width();
    List<LinearLayer> layers = new ArrayList<>();
    layers.add(new LinearLayer("x_embedder", inputs, width));
    layers.add(new LinearLayer("context_embedder", textWidth, width));
    layers.addAll(perceptron("time_text_embed.timestep_embedder", SINUS_WIDTH, width));
    if (guided) {
      layers.addAll(perceptron("time_text_embed.guidance_embedder", SINUS_WIDTH, width));
    }
    layers.addAll(perceptron("time_text_embed.text_embedder", pooledWidth, width));
    return layers;
  }

  private static List<LinearLayer> perceptron(String module, long inputs, long width) {
    return List.of(
        new LinearLayer(module + ".linear_1", inputs, width),
        new LinearLayer(module + ".linear_2", width, width));
  }

  private static List<LinearLayer> doubleBlock(String block, long width) {
    List<LinearLayer> layers = new ArrayList<>();
    layers.add(new LinearLayer(block + ".norm1.linear", width, 6 * width));
    layers.add(new LinearLayer(block + ".norm1_context.linear", width, 6 * width));
    DOUBLE_ATTENTION.forEach(
        name -> layers.add(new LinearLayer(block + ".attn." + name, width, width)));
    for (String stream : List.of("ff", "ff_context")) {
      layers.add(new LinearLayer(block + "." + stream + ".net.0.proj", width, 4 * width));
      layers.add(new LinearLayer(block + "." + stream + ".net.2", 4 * width, width));
    }
    return layers;
  }

  private static List<LinearLayer> singleBlock(String block, long width) {
    return List.of(
        new LinearLayer(block + ".norm.linear", width, 3 * width),
        new LinearLayer(block + ".attn.to_q", width, width),
        new LinearLayer(block + ".attn.to_k", width, width),
        new LinearLayer(block + ".attn.to_v", width, width),
        new LinearLayer(block + ".proj_mlp", width, 4 * width),
        new LinearLayer(block + ".proj_out", 5 * width, width));
  }
}
