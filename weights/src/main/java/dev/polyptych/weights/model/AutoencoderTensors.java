package dev.polyptych.weights.model;

import java.util.List;

/** What tensors an autoencoder has, in diffusers' names (autoencoders/vae.py). */
final class AutoencoderTensors {
  private final AutoencoderConfig config;
  private final TensorShapes shapes = new TensorShapes();

  private AutoencoderTensors(AutoencoderConfig config) {
    this.config = config;
  }

  /** All tensors with their shapes. */
  static TensorShapes of(AutoencoderConfig config) {
    AutoencoderTensors tensors = new AutoencoderTensors(config);
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
