package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.util.Optional;

/**
 * How trainers spell the keys of a plain LoRA: {@code <prefix><layer><down or up>} and, optionally,
 * {@code <prefix><layer>.alpha}. One file uses one spelling. Layouts are tried in this order, as in
 * diffusers' {@code FluxLoraLoaderMixin.lora_state_dict}: the most specific prefix comes first.
 */
enum AdapterLayout {
  /** PEFT, diffusers and ai-toolkit; the ten published IC-LoRAs are of this kind, without alpha. */
  DIFFUSERS("transformer.", LayerNames.Spelling.DIFFUSERS, ".lora_A.weight", ".lora_B.weight"),
  /** The same names with kohya's suffixes; some exporters mix them. */
  DIFFUSERS_DOWN_UP(
      "transformer.", LayerNames.Spelling.DIFFUSERS, ".lora_down.weight", ".lora_up.weight"),
  /** kohya's sd-scripts on BFL's original names, with an alpha for each layer. */
  KOHYA("lora_unet_", LayerNames.Spelling.BFL_FLAT, ".lora_down.weight", ".lora_up.weight"),
  /** kohya on diffusers' names; diffusers calls this a mixture. */
  KOHYA_DIFFUSERS(
      "lora_transformer_",
      LayerNames.Spelling.DIFFUSERS_FLAT,
      ".lora_down.weight",
      ".lora_up.weight"),
  COMFY_DOWN_UP(
      "diffusion_model.", LayerNames.Spelling.BFL, ".lora_down.weight", ".lora_up.weight"),
  COMFY("diffusion_model.", LayerNames.Spelling.BFL, ".lora_A.weight", ".lora_B.weight"),
  COMFY_XLABS("diffusion_model.", LayerNames.Spelling.XLABS, ".down.weight", ".up.weight"),
  /** fal's Kontext trainer. */
  FAL("base_model.model.", LayerNames.Spelling.BFL, ".lora_A.weight", ".lora_B.weight"),
  /**
   * XLabs' attention processors. Its trainer writes no alpha. If a file has one, it counts as in
   * every other layout; diffusers refuses or ignores it.
   */
  XLABS("", LayerNames.Spelling.XLABS, ".down.weight", ".up.weight"),
  BFL_DOWN_UP("", LayerNames.Spelling.BFL, ".lora_down.weight", ".lora_up.weight"),
  BFL("", LayerNames.Spelling.BFL, ".lora_A.weight", ".lora_B.weight");

  private static final String ALPHA = ".alpha";

  private final String prefix;
  private final LayerNames.Spelling spelling;
  private final String down;
  private final String up;

  AdapterLayout(String prefix, LayerNames.Spelling spelling, String down, String up) {
    this.prefix = prefix;
    this.spelling = spelling;
    this.down = down;
    this.up = up;
  }

  /** The first layout that fits any key of the file. */
  static Optional<AdapterLayout> of(SafetensorsFile file) {
    for (AdapterLayout layout : values()) {
      if (file.names().stream().anyMatch(layout::isDown)) {
        return Optional.of(layout);
      }
    }
    return Optional.empty();
  }

  /** The start of every key in this layout; may be empty. */
  String prefix() {
    return prefix;
  }

  /** How this layout names layers. */
  LayerNames.Spelling spelling() {
    return spelling;
  }

  /** Whether a key is that of an A. */
  boolean isDown(String key) {
    return key.startsWith(prefix)
        && key.endsWith(down)
        && key.length() > prefix.length() + down.length();
  }

  /** The layer that the key of an A names. */
  String layer(String downKey) {
    return downKey.substring(prefix.length(), downKey.length() - down.length());
  }

  /** The key of a layer's A. */
  String downKey(String layer) {
    return prefix + layer + down;
  }

  /** The key of a layer's B. */
  String upKey(String layer) {
    return prefix + layer + up;
  }

  /** The key of a layer's alpha. */
  String alphaKey(String layer) {
    return prefix + layer + ALPHA;
  }
}
