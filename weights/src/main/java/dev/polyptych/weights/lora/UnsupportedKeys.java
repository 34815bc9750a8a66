package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keys of files that hold more than plain LoRA on the transformer. Without such a key the file
 * would draw another picture, so the whole file is refused.
 */
final class UnsupportedKeys {
  private record Kind(Pattern keys, String reason) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Pattern.compile("dora_scale|lora_magnitude_vector"),
              "belongs to a DoRA; only plain LoRA can be drawn with"),
          new Kind(
              Pattern.compile("^(lora_te|text_encoder)"),
              "adapts a text encoder; only LoRA on the transformer can be drawn with"),
          new Kind(
              Pattern.compile("(query_norm|key_norm)\\.scale$|\\.norm(_added)?_[qk]\\."),
              "replaces a norm, as control LoRAs do; they change the model's shape and can't be"
                  + " drawn with"),
          new Kind(
              Pattern.compile("\\.bias$|\\.diff(_b)?$"),
              "changes a bias or a whole weight, as control LoRAs and extracted differences do;"
                  + " only plain LoRA can be drawn with"),
          new Kind(
              Pattern.compile("\\.(hada_|lokr_|oft_|lora_mid)"),
              "belongs to another kind of adapter; only plain LoRA can be drawn with"));

  private UnsupportedKeys() {}

  /**
   * Refuses a file with such a key.
   *
   * @throws AdapterException with the first such key and the reason
   */
  static void refuse(SafetensorsFile file) {
    for (String key : file.names()) {
      for (Kind kind : KINDS) {
        if (kind.keys().matcher(key).find()) {
          throw new AdapterException(file.path(), "key '" + key + "' " + kind.reason());
        }
      }
    }
  }
}
