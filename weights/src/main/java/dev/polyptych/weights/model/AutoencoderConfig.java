package dev.polyptych.weights.model;

import java.util.List;
import java.util.Set;

/**
 * Sizes of the autoencoder ({@code vae/config.json}; defaults as in diffusers' AutoencoderKL).
 *
 * @param latentChannels of an unpacked latent cell (16 in FLUX.1)
 * @param widths channels at each resolution, finest first; each but the last halves the picture
 * @param blocks residual blocks at each resolution of the encoder; the decoder has one more
 * @param groups of the group norms
 * @param scaling latents are {@code (mean - shift) * scaling}
 * @param middleAttention whether the middle block has attention
 * @param quantized whether a convolution follows the encoder ({@code quant_conv})
 * @param postQuantized whether a convolution precedes the decoder ({@code post_quant_conv})
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

  /** Width and height of a latent cell in pixels (8 in FLUX.1). */
  public int factor() {
    return 1 << (widths.size() - 1);
  }

  /** Names (as in diffusers' autoencoders/vae.py) and shapes of all tensors. */
  public TensorShapes tensors() {
    return Tensors.of(this);
  }

  /** Channels at the coarsest resolution. */
  int deepest() {
    return widths.getLast();
  }

  private static final class Tensors {
    private final AutoencoderConfig config;
    private final TensorShapes shapes = new TensorShapes();

    Tensors(AutoencoderConfig config) {
      this.config = config;
    }

    static TensorShapes of(AutoencoderConfig config) {
      Tensors tensors = new Tensors(config);
      tensors.encoder();
      tensors.decoder();
      long latent = config.latentChannels();
      if (config.quantized()) {
        tensors.shapes.convolution("quant_conv", 2 * latent, 2 * latent, 1);
      }
      if (config.postQuantized()) {
        tensors.shapes.convolution("post_quant_conv", latent, latent, 1);
      }
      return tensors.shapes;
    }

    private void encoder() {
      List<Integer> widths = config.widths();
      shapes.convolution("encoder.conv_in", 3, widths.getFirst(), 3);
      for (int i = 0; i < widths.size(); i++) {
        String block = "encoder.down_blocks." + i;
        residuals(
            block, i == 0 ? widths.getFirst() : widths.get(i - 1), widths.get(i), config.blocks());
        if (i < widths.size() - 1) {
          shapes.convolution(block + ".downsamplers.0.conv", widths.get(i), widths.get(i), 3);
        }
      }
      middle("encoder.mid_block");
      shapes.norm("encoder.conv_norm_out", config.deepest());
      shapes.convolution("encoder.conv_out", config.deepest(), 2L * config.latentChannels(), 3);
    }

    private void decoder() {
      List<Integer> widths = config.widths().reversed();
      shapes.convolution("decoder.conv_in", config.latentChannels(), config.deepest(), 3);
      middle("decoder.mid_block");
      for (int i = 0; i < widths.size(); i++) {
        String block = "decoder.up_blocks." + i;
        residuals(
            block,
            i == 0 ? widths.getFirst() : widths.get(i - 1),
            widths.get(i),
            config.blocks() + 1);
        if (i < widths.size() - 1) {
          shapes.convolution(block + ".upsamplers.0.conv", widths.get(i), widths.get(i), 3);
        }
      }
      shapes.norm("decoder.conv_norm_out", widths.getLast());
      shapes.convolution("decoder.conv_out", widths.getLast(), 3, 3);
    }

    private void middle(String block) {
      long width = config.deepest();
      residual(block + ".resnets.0", width, width);
      if (config.middleAttention()) {
        String attention = block + ".attentions.0";
        shapes.norm(attention + ".group_norm", width);
        for (String name : List.of("to_q", "to_k", "to_v", "to_out.0")) {
          shapes.linear(attention + "." + name, width, width);
        }
      }
      residual(block + ".resnets.1", width, width);
    }

    private void residuals(String block, long inputs, long outputs, int count) {
      for (int i = 0; i < count; i++) {
        residual(block + ".resnets." + i, i == 0 ? inputs : outputs, outputs);
      }
    }

    private void residual(String module, long inputs, long outputs) {
      shapes
          .norm(module + ".norm1", inputs)
          .convolution(module + ".conv1", inputs, outputs, 3)
          .norm(module + ".norm2", outputs)
          .convolution(module + ".conv2", outputs, outputs, 3);
      if (inputs != outputs) {
        shapes.convolution(module + ".conv_shortcut", inputs, outputs, 1);
      }
    }
  }
}
