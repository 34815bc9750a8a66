package dev.polyptych.weights.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * PEFT's settings as diffusers keeps them in a file's metadata ({@code lora_adapter_metadata},
 * diffusers loaders/lora_base.py): here they matter for alpha. Without them a pair counts once.
 */
final class PeftSettings {
  private static final String METADATA = "lora_adapter_metadata";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings under which a pair would count otherwise than alpha / rank times. */
  private static final List<String> UNSUPPORTED =
      List.of("use_dora", "use_rslora", "lora_bias", "fan_in_fan_out");

  private final JsonNode root;
  private final String prefix;

  private PeftSettings(JsonNode root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  /**
   * The settings of a file for the part that {@code prefix} names.
   *
   * @throws AdapterException if they are unreadable or ask for more than plain LoRA
   */
  static PeftSettings of(SafetensorsFile file, String prefix) {
    PeftSettings settings = new PeftSettings(json(file), prefix);
    for (String field : UNSUPPORTED) {
      if (settings.root.path(prefix + field).asBoolean()) {
        throw new AdapterException(
            file.path(), "its metadata sets " + field + ", but only plain LoRA can be drawn with");
      }
    }
    return settings;
  }

  private static JsonNode json(SafetensorsFile file) {
    String text = file.metadata().get(METADATA);
    try {
      return text == null ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AdapterException(
          file.path() + ": its metadata " + METADATA + " is not readable JSON", e);
    }
  }

  /**
   * Alpha of a module: of the first pattern that ends its name, else the common one, if there is
   * any.
   */
  OptionalDouble alpha(String module) {
    for (Map.Entry<String, JsonNode> pattern : root.path(prefix + "alpha_pattern").properties()) {
      if (matches(pattern.getKey(), module) && pattern.getValue().isNumber()) {
        return OptionalDouble.of(pattern.getValue().doubleValue());
      }
    }
    JsonNode common = root.path(prefix + "lora_alpha");
    return common.isNumber() ? OptionalDouble.of(common.doubleValue()) : OptionalDouble.empty();
  }

  /** A pattern is the whole name or its end after a dot; a leading ^ asks for the whole name. */
  private static boolean matches(String pattern, String module) {
    return pattern.startsWith("^")
        ? module.equals(pattern.substring(1))
        : module.equals(pattern) || module.endsWith("." + pattern);
  }
}
