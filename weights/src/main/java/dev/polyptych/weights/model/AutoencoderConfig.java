package dev.polyptych.weights.model;

import java.util.List;
import java.util.Set;

/**
 * Sizes of the autoencoder ({@code vae/config.json}; defaults as in diffusers' AutoencoderKL).
 *
 * @param latentChannels of an unpacked latent cell (16 in FLUX.1)
 * @param widths channels at each resolution, finest first; each but the last halves the picture
 * @param blocks residual blocks a resolution of the encoder; the decoder has one more
 * @param groups of the group norms
 * @param scaling latents are {@code (mean - shift) * scaling}
 */
public record AutoencoderConfig(
    int latentChannels,
    List<Integer> widths,
    int blocks,
    int groups,
    double scaling,
    double shift,
    boolean middleAttention,
    boolean quantized,
    boolean postQuantized) {
  public AutoencoderConfig {
    widths = List.copyOf(widths);
  }

  static AutoencoderConfig read(ConfigFile file) {
    file.oneOf("_class_name", "AutoencoderKL", Set.of("AutoencoderKL"));
    file.oneOf("act_fn", "silu", Set.of("silu"));
    AutoencoderConfig config =
        new AutoencoderConfig(
            file.positive("latent_channels", 4),
            file.positives("block_out_channels"),
            file.positive("layers_per_block", 1),
            file.positive("norm_num_groups", 32),
            file.number("scaling_factor", 0.18215),
            file.number("shift_factor", 0),
            file.flag("mid_block_add_attention", true),
            file.flag("use_quant_conv", true),
            file.flag("use_post_quant_conv", true));
    config.check(file);
    return config;
  }

  private void check(ConfigFile file) {
    if (file.positive("in_channels", 3) != 3 || file.positive("out_channels", 3) != 3) {
      throw file.wrong("in_channels", "3, and the same out_channels");
    }
    if (scaling() == 0) {
      throw file.wrong("scaling_factor", "a number other than 0");
    }
    if (widths().stream().anyMatch(width -> width % groups() != 0)) {
      throw file.wrong("block_out_channels", "multiples of norm_num_groups");
    }
  }

  /** How many pixels a latent cell is wide and high (8 in FLUX.1). */
  public int factor() {
    return 1 << (widths.size() - 1);
  }

  /** All tensors with their shapes. */
  public TensorShapes tensors() {
    return AutoencoderTensors.of(this);
  }

  /** Channels at the coarsest resolution. */
  int deepest() {
    return widths.getLast();
  }
}
