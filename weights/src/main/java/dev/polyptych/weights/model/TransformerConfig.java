package dev.polyptych.weights.model;

import java.util.List;
import java.util.Set;

/**
 * Sizes of a FLUX transformer ({@code transformer/config.json}; defaults as in diffusers'
 * FluxTransformer2DModel).
 *
 * @param channels of a packed latent token, in and out (64 in FLUX.1: 16 latent channels of 2x2
 *     cells)
 * @param doubleBlocks blocks with separate image and text streams
 * @param singleBlocks blocks over the joined stream
 * @param textWidth width of the T5 states
 * @param pooledWidth width of the pooled CLIP state
 * @param guided whether the guidance scale is an input (FLUX.1-dev) or not (schnell)
 * @param axes how a head's width is shared among the position axes (always 0, row, column); their
 *     sum is the head width
 */
public record TransformerConfig(
    int channels,
    int doubleBlocks,
    int singleBlocks,
    int heads,
    int headWidth,
    int textWidth,
    int pooledWidth,
    boolean guided,
    List<Integer> axes) {
  /** Width of the sinus embedding of time and guidance; diffusers fixes it. */
  static final int SINUS_WIDTH = 256;

  public TransformerConfig {
    axes = List.copyOf(axes);
  }

  /** Reads the file; a folder of another network is refused. */
  static TransformerConfig read(ConfigFile file) {
    file.oneOf("_class_name", "FluxTransformer2DModel", Set.of("FluxTransformer2DModel"));
    TransformerConfig config =
        new TransformerConfig(
            file.positive("in_channels", 64),
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

  private void check(ConfigFile file) {
    if (file.positive("patch_size", 1) != 1) {
      throw file.wrong("patch_size", "1");
    }
    if (file.positive("out_channels", channels) != channels) {
      throw file.wrong("out_channels", "the same as in_channels");
    }
    boolean even = axes.stream().allMatch(axis -> axis % 2 == 0);
    if (axes.size() != 3 || !even || axes.stream().mapToInt(Integer::intValue).sum() != headWidth) {
      throw file.wrong("axes_dims_rope", "three even numbers that add up to attention_head_dim");
    }
  }

  /** All linear layers, in the order of the forward pass: the places that an adapter may fill. */
  public List<LinearLayer> linearLayers() {
    return TransformerTensors.linearLayers(this);
  }

  /** All tensors with their shapes. */
  public TensorShapes tensors() {
    return TransformerTensors.of(this);
  }

  /** Width of the hidden states. */
  public int width() {
    return heads * headWidth;
  }
}
