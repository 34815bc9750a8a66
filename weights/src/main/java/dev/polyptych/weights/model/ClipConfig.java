package dev.polyptych.weights.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sizes of a CLIP text encoder ({@code text_encoder/config.json}; defaults as in transformers'
 * CLIPTextConfig).
 *
 * @param positions the longest prompt in tokens (77)
 * @param endToken id of the end token; old published configurations say 2 by mistake, and
 *     transformers then looks for the greatest id of the prompt
 */
public record ClipConfig(
    int vocabulary,
    int width,
    int hiddenWidth,
    int layers,
    int heads,
    int positions,
    String activation,
    double epsilon,
    int endToken) {
  /** See {@code endToken}. */
  private static final int LEGACY_END_TOKEN = 2;

  static ClipConfig read(ConfigFile file) {
    file.oneOf("model_type", "clip_text_model", Set.of("clip_text_model"));
    return new ClipConfig(
        file.positive("vocab_size", 49408),
        file.positive("hidden_size", 512),
        file.positive("intermediate_size", 2048),
        file.positive("num_hidden_layers", 12),
        file.positive("num_attention_heads", 8),
        file.positive("max_position_embeddings", 77),
        file.oneOf("hidden_act", "quick_gelu", Set.of("quick_gelu", "gelu")),
        file.number("layer_norm_eps", 1e-5),
        file.natural("eos_token_id", 49407));
  }

  /** Names (as in transformers' modeling_clip.py) and shapes of all tensors. */
  public TensorShapes tensors() {
    TensorShapes shapes =
        new TensorShapes()
            .tensor("embeddings.token_embedding.weight", vocabulary, width)
            .tensor("embeddings.position_embedding.weight", positions, width);
    for (int i = 0; i < layers; i++) {
      String layer = "encoder.layers." + i;
      for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        shapes.linear(layer + ".self_attn." + projection, width, width);
      }
      shapes
          .norm(layer + ".layer_norm1", width)
          .norm(layer + ".layer_norm2", width)
          .linear(layer + ".mlp.fc1", width, hiddenWidth)
          .linear(layer + ".mlp.fc2", hiddenWidth, width);
    }
    return shapes.norm("final_layer_norm", width);
  }

  /** Index of the end token in a prompt. The hidden state there represents the whole prompt. */
  public int end(long[] ids) {
    int end = 0;
    for (int i = 1; i < ids.length; i++) {
      boolean later =
          endToken == LEGACY_END_TOKEN
              ? ids[i] > ids[end]
              : ids[i] == endToken && ids[end] != endToken;
      end = later ? i : end;
    }
    return end;
  }

  /** Its linear layers. A LoRA may change each of them. */
  public List<LinearLayer> linearLayers() {
    List<LinearLayer> linear = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String layer = "encoder.layers." + i;
      for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear.add(new LinearLayer(layer + ".self_attn." + projection, width, width));
      }
      linear.add(new LinearLayer(layer + ".mlp.fc1", width, hiddenWidth));
      linear.add(new LinearLayer(layer + ".mlp.fc2", hiddenWidth, width));
    }
    return linear;
  }
}
