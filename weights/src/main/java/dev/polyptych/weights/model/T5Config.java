package dev.polyptych.weights.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sizes of a T5 encoder ({@code text_encoder_2/config.json}; defaults as in transformers'
 * T5Config).
 *
 * @param gated whether the feed-forward layer has a gate (T5 v1.1)
 * @param activation relu, silu or gelu (its tanh form)
 * @param buckets of relative distance
 * @param farthest greatest distance; greater ones share the last bucket
 */
public record T5Config(
    int vocabulary,
    int width,
    int headWidth,
    int hiddenWidth,
    int layers,
    int heads,
    int buckets,
    int farthest,
    double epsilon,
    String activation,
    boolean gated) {
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "relu",
          "relu",
          "gated-relu",
          "relu",
          "silu",
          "silu",
          "gated-silu",
          "silu",
          "gelu_new",
          "gelu",
          "gated-gelu",
          "gelu");

  static T5Config read(ConfigFile file) {
    file.oneOf("model_type", "t5", Set.of("t5"));
    String forward = file.oneOf("feed_forward_proj", "relu", ACTIVATIONS.keySet());
    return new T5Config(
        file.positive("vocab_size", 32128),
        file.positive("d_model", 512),
        file.positive("d_kv", 64),
        file.positive("d_ff", 2048),
        file.positive("num_layers", 6),
        file.positive("num_heads", 8),
        file.positive("relative_attention_num_buckets", 32),
        file.positive("relative_attention_max_distance", 128),
        file.number("layer_norm_epsilon", 1e-6),
        ACTIVATIONS.get(forward),
        forward.startsWith("gated-"));
  }

  /** Names (as in transformers' modeling_t5.py) and shapes of all tensors. */
  public TensorShapes tensors() {
    String bias = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    TensorShapes shapes =
        new TensorShapes().tensor("shared.weight", vocabulary, width).tensor(bias, buckets, heads);
    for (int i = 0; i < layers; i++) {
      addBlock(shapes, "encoder.block." + i);
    }
    return shapes.tensor("encoder.final_layer_norm.weight", width);
  }

  private void addBlock(TensorShapes shapes, String block) {
    long inner = (long) heads * headWidth;
    String attention = block + ".layer.0.SelfAttention.";
    for (String projection : List.of("q", "k", "v")) {
      shapes.tensor(attention + projection + ".weight", inner, width);
    }
    shapes.tensor(attention + "o.weight", width, inner);
    shapes.tensor(block + ".layer.0.layer_norm.weight", width);
    String forward = block + ".layer.1.DenseReluDense.";
    for (String projection : gated ? List.of("wi_0", "wi_1") : List.of("wi")) {
      shapes.tensor(forward + projection + ".weight", hiddenWidth, width);
    }
    shapes.tensor(forward + "wo.weight", width, hiddenWidth);
    shapes.tensor(block + ".layer.1.layer_norm.weight", width);
  }

  /** Its linear layers. A LoRA may change each of them. */
  public List<LinearLayer> linearLayers() {
    long inner = (long) heads * headWidth;
    List<LinearLayer> linear = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String attention = "encoder.block." + i + ".layer.0.SelfAttention.";
      for (String projection : List.of("q", "k", "v")) {
        linear.add(new LinearLayer(attention + projection, width, inner));
      }
      linear.add(new LinearLayer(attention + "o", inner, width));
      String forward = "encoder.block." + i + ".layer.1.DenseReluDense.";
      for (String projection : gated ? List.of("wi_0", "wi_1") : List.of("wi")) {
        linear.add(new LinearLayer(forward + projection, width, hiddenWidth));
      }
      linear.add(new LinearLayer(forward + "wo", hiddenWidth, width));
    }
    return linear;
  }
}
