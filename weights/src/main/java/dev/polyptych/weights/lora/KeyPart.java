package dev.polyptych.weights.lora;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a key of a file gives of its layer's change. The end of the key tells: {@code
 * <prefix><layer><end>}. The ends are those of PEFT, diffusers (old and new), kohya, XLabs, LyCORIS
 * and ComfyUI (comfy/weight_adapter, comfy/lora.py). PEFT may put the name of its adapter in:
 * {@code lora_A.default_0.weight}.
 */
enum KeyPart {
  /** Bias of B: factor times this is added. */
  UP_BIAS("\\.lora_(?:B|up)(?:\\.[^.]+)?\\.bias"),
  /** A, (rank x inputs). */
  DOWN(low("A|down", "down")),
  /** B, (outputs x rank). */
  UP(low("B|up", "up")),
  ALPHA("\\.alpha"),
  /** Is added to a bias. */
  DIFF_BIAS("\\.diff_b"),
  /** Is added to a weight. */
  DIFF("(?:\\.scale)?\\.(?:diff|w_norm)"),
  /** Takes the place of a norm's weight. */
  SET("(?:\\.scale|\\.weight)?\\.set_weight|\\.scale|(?<=[._]norm(?:_added)?_[qk])\\.weight"),
  /** The lengths of the changed weight's rows or columns (DoRA). */
  MAGNITUDE("\\.dora_scale|\\.lora_magnitude_vector(?:\\.[^.]+)?"),
  /** The shape that a weight is widened to. */
  RESHAPE("\\.reshape_weight"),
  HADA_W1_A("\\.hada_w1_a"),
  HADA_W1_B("\\.hada_w1_b"),
  HADA_W2_A("\\.hada_w2_a"),
  HADA_W2_B("\\.hada_w2_b"),
  LOKR_W1("\\.lokr_w1"),
  LOKR_W1_A("\\.lokr_w1_a"),
  LOKR_W1_B("\\.lokr_w1_b"),
  LOKR_W2("\\.lokr_w2"),
  LOKR_W2_A("\\.lokr_w2_a"),
  LOKR_W2_B("\\.lokr_w2_b");

  private static final Pattern DOTTED_PREFIX =
      Pattern.compile(
          "^(?:base_model\\.model|model\\.diffusion_model|diffusion_model|transformer"
              + "|(?:text_encoder|(?:text_encoders\\.)?clip_l)(?=\\..*encoder\\.layers)"
              + "|(?:text_encoder_2|(?:text_encoders\\.)?t5xxl)(?=\\..*encoder\\.block))\\.");
  private static final Pattern FLAT_PREFIX =
      Pattern.compile(
          "^(?:lora_unet|lora_transformer|lycoris|lora_te1?(?=_.*encoder_layers)"
              + "|lora_te[23](?=_encoder_block))_");

  private final Pattern key;

  KeyPart(String end) {
    this.key = Pattern.compile("(.+?)(?:" + end + ")", Pattern.DOTALL);
  }

  private static String low(String names, String old) {
    return "\\.lora_(?:%s)(?:\\.(?!weight$|bias$)[^.]+)?(?:\\.weight)?".formatted(names)
        + "|(?:\\.lora|\\.lora_linear_layer)?\\.%s\\.weight".formatted(old);
  }

  /**
   * A key, taken apart.
   *
   * @param layer without prefix, as the file spells it
   */
  record Named(String layer, KeyPart part) {}

  /** Empty for a key that no layout knows. */
  static Optional<Named> of(String key) {
    for (KeyPart part : values()) {
      Matcher matcher = part.key.matcher(key);
      if (matcher.matches()) {
        return Optional.of(new Named(withoutPrefix(matcher.group(1)), part));
      }
    }
    return Optional.empty();
  }

  /** How a file would spell the key of another part, where it has one of the same layer. */
  static String counterpart(String key, KeyPart part, KeyPart wanted) {
    Matcher matcher = part.key.matcher(key);
    String end = matcher.matches() ? key.substring(matcher.end(1)) : key;
    String other =
        switch (wanted) {
          case UP ->
              end.replace("lora_A", "lora_B").replace("down", "up").replace(".bias", ".weight");
          case DOWN -> end.replace("lora_B", "lora_A").replace("up", "down");
          case MAGNITUDE -> ".lora_magnitude_vector";
          default -> "." + wanted.name().toLowerCase(Locale.ROOT);
        };
    return key.substring(0, key.length() - end.length()) + other;
  }

  /** Prefixes may stand one before the other: {@code base_model.model.transformer.}. */
  private static String withoutPrefix(String layer) {
    String bare = layer;
    Matcher dotted = DOTTED_PREFIX.matcher(bare);
    while (dotted.find()) {
      bare = bare.substring(dotted.end());
      dotted = DOTTED_PREFIX.matcher(bare);
    }
    return FLAT_PREFIX.matcher(bare).replaceFirst("");
  }
}
