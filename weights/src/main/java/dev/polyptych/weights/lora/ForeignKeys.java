package dev.polyptych.weights.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keys that are known but can't be drawn with. Without such a key the file would draw another
 * picture, so the whole file is refused.
 */
final class ForeignKeys {
  private record Kind(Pattern keys, String reason) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Pattern.compile(
                  "^(?:lora_prior_te_|lora_te[23]_text_model|text_encoder_2\\.text_model"
                      + "|text_encoder_3\\.|text_encoders\\.(?!clip_l\\.|t5xxl\\.)|clip_g\\.)"),
              "adapts a text encoder that FLUX.1 does not have; the file was made for another"
                  + " family of models"),
          new Kind(
              Pattern.compile("\\.(?:hada_t[12]|lokr_t[12]|lora_mid(?:\\.weight)?)$"),
              "belongs to a change of a convolution, and the transformer has none"),
          new Kind(
              Pattern.compile("\\.(?:oft_|boft_)[^.]*(?:\\.[^.]+)*$"),
              "belongs to an OFT adapter, which turns the weights; only what is added to them can"
                  + " be drawn with: train a LoRA, or extract one from the merged weights"),
          new Kind(
              Pattern.compile("\\.(?:a1|a2|b1|b2)\\.weight$"),
              "belongs to a GLoRA, which can't be drawn with; extract a LoRA from the merged"
                  + " weights"));

  private static final Pattern WHOLE = Pattern.compile("\\.(?:set_weight|weight|bias|b_norm)$");

  private ForeignKeys() {}

  /** Why a key can't be drawn with; empty if it may belong to a layer. */
  static Optional<String> reason(String key) {
    return KINDS.stream()
        .filter(kind -> kind.keys().matcher(key).find())
        .map(Kind::reason)
        .findFirst();
  }

  /** What is wrong with a key that belongs to no change, in a file that has others. */
  static String strangeness(String key) {
    return WHOLE.matcher(key).find()
        ? "is a whole weight or bias; only the norms of queries and keys can be replaced: extract"
            + " the difference to the base"
        : "belongs to no pair of a LoRA's A and B";
  }
}
