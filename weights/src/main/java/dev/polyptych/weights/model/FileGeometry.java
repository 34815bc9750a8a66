package dev.polyptych.weights.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of networks that come without one: sizes from the shapes of their tensors, the
 * rest as published with FLUX.1.
 */
final class FileGeometry {
  private static final ModelFolder PUBLISHED = ModelFolder.fluxDev();
  private static final SchedulerConfig SCHNELL =
      new SchedulerConfig(false, 1, 0.5, 1.15, 256, 4096);
  private static final String CONFIG =
      "name a folder with the model's configurations by 'config:' in a model file (YAML)";

  private FileGeometry() {}

  static TransformerConfig transformer(PartWeights weights) {
    String image = "transformer_blocks.0.attn.norm_q.weight";
    String single = "single_transformer_blocks.0.attn.norm_q.weight";
    int width = weights.size("x_embedder.weight", 0);
    int headWidth = weights.size(weights.has(image) ? image : single, 0);
    TransformerConfig sizes =
        new TransformerConfig(
            weights.size("x_embedder.weight", 1),
            weights.size("proj_out.weight", 0),
            weights.blocks("transformer_blocks.%d.attn.to_out.0.weight"),
            weights.blocks("single_transformer_blocks.%d.proj_out.weight"),
            width / headWidth,
            headWidth,
            weights.size("context_embedder.weight", 1),
            weights.size("time_text_embed.text_embedder.linear_1.weight", 1),
            weights.has("time_text_embed.guidance_embedder.linear_1.weight"),
            PUBLISHED.transformer().axes());
    sizes.checkInputs(weights.path());
    fits(weights, "attention heads of width", headWidth, PUBLISHED.transformer().headWidth());
    return sizes;
  }

  static ClipConfig clip(PartWeights weights) {
    ClipConfig published = PUBLISHED.clip();
    String embedding = "embeddings.token_embedding.weight";
    int width = weights.size(embedding, 1);
    fits(weights, "hidden states of width", width, published.width());
    return new ClipConfig(
        weights.size(embedding, 0),
        width,
        weights.size("encoder.layers.0.mlp.fc1.weight", 0),
        weights.blocks("encoder.layers.%d.mlp.fc1.weight"),
        published.heads(),
        weights.size("embeddings.position_embedding.weight", 0),
        published.activation(),
        published.epsilon(),
        published.endToken());
  }

  static T5Config t5(PartWeights weights) {
    T5Config published = PUBLISHED.t5();
    String bias = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    String forward = "encoder.block.0.layer.1.DenseReluDense.";
    boolean gated = weights.has(forward + "wi_0.weight");
    int heads = weights.size(bias, 1);
    int width = weights.size("shared.weight", 1);
    fits(weights, "hidden states of width", width, published.width());
    return new T5Config(
        weights.size("shared.weight", 0),
        width,
        weights.size("encoder.block.0.layer.0.SelfAttention.q.weight", 0) / heads,
        weights.size(forward + (gated ? "wi_0.weight" : "wi.weight"), 0),
        weights.blocks("encoder.block.%d.layer.0.SelfAttention.q.weight"),
        heads,
        weights.size(bias, 0),
        published.farthest(),
        published.epsilon(),
        published.activation(),
        gated);
  }

  static AutoencoderConfig autoencoder(PartWeights weights) {
    AutoencoderConfig published = PUBLISHED.autoencoder();
    List<Integer> widths = new ArrayList<>();
    String level = "encoder.down_blocks.%d.resnets.0.conv1.weight";
    for (int i = 0; i < weights.blocks(level); i++) {
      widths.add(weights.size(level.formatted(i), 0));
    }
    int latent = weights.size("decoder.conv_in.weight", 1);
    fits(weights, "latent channels:", latent, published.latentChannels());
    return new AutoencoderConfig(
        latent,
        widths,
        weights.blocks("encoder.down_blocks.0.resnets.%d.conv1.weight"),
        published.groups(),
        published.scaling(),
        published.shift(),
        weights.has("encoder.mid_block.attentions.0.to_q.weight"),
        weights.has("quant_conv.weight"),
        weights.has("post_quant_conv.weight"));
  }

  /** dev's shifts depend on the sheet; schnell, which has no guidance, has none. */
  static SchedulerConfig scheduler(TransformerConfig transformer) {
    return transformer.guided() ? PUBLISHED.scheduler() : SCHNELL;
  }

  /** Shapes don't tell everything. What they leave open is taken over for FLUX.1's sizes only. */
  private static void fits(PartWeights weights, String what, int found, int published) {
    if (found != published) {
      throw new ModelFolderException(
          weights.path(),
          "has %s %d where FLUX.1 has %d, so its shapes don't tell its whole configuration"
              .formatted(what, found, published),
          CONFIG);
    }
  }
}
