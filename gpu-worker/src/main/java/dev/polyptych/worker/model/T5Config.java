package dev.polyptych.worker.model;

import java.util.Map;

/**
 * Sizes of a T5 encoder ({@code text_encoder_2/config.json}; defaults as in transformers'
 * T5Config).
 *
 * @param gated whether the feed-forward layer has a gate (T5 v1.1)
 * @param activation relu, silu or gelu (its tanh form)
 * @param buckets of relative distance
 * @param farthest distance that still has a bucket of its own
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
    file.oneOf("model_type", "t5", java.util.Set.of("t5"));
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

  /** All tensors with their shapes. */
  public TensorShapes tensors() {
    long inner = (long) heads * headWidth;
    TensorShapes shapes =
        new TensorShapes()
            .tensor("shared.weight", vocabulary, width)
            .tensor(
                "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                buckets,
                heads);
    for (int i = 0; i < layers; i++) {
      String block = "encoder.block." + i;
      for (String projection : new String[] {"q", "k", "v"}) {
        shapes.tensor(block + ".layer.0.SelfAttention." + projection + ".weight", inner, width);
      }
      shapes.tensor(block + ".layer.0.SelfAttention.o.weight", width, inner);
      shapes.tensor(block + ".layer.0.layer_norm.weight", width);
      for (String projection : gated ? new String[] {"wi_0", "wi_1"} : new String[] {"wi"}) {
        shapes.tensor(
            block + ".layer.1.DenseReluDense." + projection + ".weight", hiddenWidth, width);
      }
      shapes.tensor(block + ".layer.1.DenseReluDense.wo.weight", width, hiddenWidth);
      shapes.tensor(block + ".layer.1.layer_norm.weight", width);
    }
    return shapes.tensor("encoder.final_layer_norm.weight", width);
  }
}
