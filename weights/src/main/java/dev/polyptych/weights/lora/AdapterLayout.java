package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.util.Optional;

/**
 * The ways in which trainers spell the keys of a plain LoRA: {@code <prefix><layer><down or up>}
 * and, optionally, {@code <prefix><layer>.alpha}. A file is spelled in one of them throughout.
 * Recognised in this order, as diffusers' {@code FluxLoraLoaderMixin.lora_state_dict} does, with
 * the most telling prefix first.
 */
enum AdapterLayout {
  /** PEFT, diffusers and ai-toolkit; the ten published IC-LoRAs are of this kind, without alpha. */
  DIFFUSERS("transformer.", LayerNames.Spelling.DIFFUSERS, ".lora_A.weight", ".lora_B.weight"),
  /** The same with kohya's halves, as some mixed exports have it. */
  DIFFUSERS_DOWN_UP(
      "transformer.", LayerNames.Spelling.DIFFUSERS, ".lora_down.weight", ".lora_up.weight"),
  /** kohya's sd-scripts on the original names, alpha per layer. */
  KOHYA("lora_unet_", LayerNames.Spelling.BFL_FLAT, ".lora_down.weight", ".lora_up.weight"),
  /** kohya on diffusers' names (diffusers calls it the mixture). */
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
   * XLabs' attention processors. Its trainer writes no alpha; where a file has one all the same, it
   * counts as everywhere else, while diffusers refuses or loses it.
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

  /** The first layout that any key of the file is spelled in. */
  static Optional<AdapterLayout> of(SafetensorsFile file) {
    for (AdapterLayout layout : values()) {
      if (file.names().stream().anyMatch(layout::isDown)) {
        return Optional.of(layout);
      }
    }
    return Optional.empty();
  }

  /** What every key of this layout starts with; may be empty. */
  String prefix() {
    return prefix;
  }

  /** How it names layers. */
  LayerNames.Spelling spelling() {
    return spelling;
  }

  /** Whether this is the key of an A. */
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
