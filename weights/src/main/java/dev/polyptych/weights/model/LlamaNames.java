package dev.polyptych.weights.model;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** llama.cpp's names of the tensors of T5 (gguf-py, {@code tensor_mapping.py}). */
final class LlamaNames {
  private static final Pattern BLOCK = Pattern.compile("encoder\\.block\\.(\\d+)\\.(.+)\\.weight");

  private static final Map<String, String> IN_BLOCK =
      Map.ofEntries(
          Map.entry("layer.0.SelfAttention.q", "attn_q"),
          Map.entry("layer.0.SelfAttention.k", "attn_k"),
          Map.entry("layer.0.SelfAttention.v", "attn_v"),
          Map.entry("layer.0.SelfAttention.o", "attn_o"),
          Map.entry("layer.0.SelfAttention.relative_attention_bias", "attn_rel_b"),
          Map.entry("layer.0.layer_norm", "attn_norm"),
          Map.entry("layer.1.DenseReluDense.wi_0", "ffn_gate"),
          Map.entry("layer.1.DenseReluDense.wi_1", "ffn_up"),
          Map.entry("layer.1.DenseReluDense.wi", "ffn_up"),
          Map.entry("layer.1.DenseReluDense.wo", "ffn_down"),
          Map.entry("layer.1.layer_norm", "ffn_norm"));

  private static final Map<String, String> TOP =
      Map.of(
          "shared.weight", "token_embd.weight",
          "encoder.final_layer_norm.weight", "enc.output_norm.weight");

  private LlamaNames() {}

  /**
   * @param name as in transformers
   */
  static String t5(String name) {
    Matcher block = BLOCK.matcher(name);
    return block.matches()
        ? "enc.blk.%s.%s.weight"
            .formatted(block.group(1), IN_BLOCK.getOrDefault(block.group(2), block.group(2)))
        : TOP.getOrDefault(name, name);
  }
}
