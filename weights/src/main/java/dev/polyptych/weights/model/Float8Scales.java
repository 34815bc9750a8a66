package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The scales of float8 weights: none (a plain cast), {@code scale_weight} (ComfyUI's older files),
 * or {@code weight_scale} with {@code comfy_quant} or a table in the metadata (its newer ones).
 */
final class Float8Scales {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHT = ".weight";
  private static final List<String> SCALES = List.of(".scale_weight", ".weight_scale");
  private static final Set<String> FORMATS = Set.of("float8_e4m3fn", "float8_e5m2");
  private static final int LONGEST = 4096;

  private final PartFiles files;

  Float8Scales(PartFiles files) {
    this.files = files;
  }

  /**
   * What the stored values are multiplied by: 1 for other types and for plain casts.
   *
   * @throws ModelFolderException if the tensor is quantised in a way that is not read
   */
  double of(String key) {
    if (!key.endsWith(WEIGHT)) {
      return 1;
    }
    String layer = key.substring(0, key.length() - WEIGHT.length());
    format(layer).ifPresent(format -> check(key, format));
    TensorType type = files.of(key).entry(key).type();
    if (type != TensorType.F8_E4M3 && type != TensorType.F8_E5M2) {
      return 1;
    }
    return SCALES.stream()
        .map(layer::concat)
        .filter(files::has)
        .findFirst()
        .map(this::number)
        .orElse(1.0);
  }

  private void check(String key, String format) {
    if (!FORMATS.contains(format)) {
      throw new ModelFolderException(
          files.of(key).path(),
          "has tensor '" + key + "' in the format " + format + ", which is not read",
          "use weights in bf16, fp16 or float8 (e4m3)");
    }
  }

  private double number(String scale) {
    SafetensorsFile file = files.of(scale);
    TensorEntry entry = file.entry(scale);
    boolean one = entry.length() == entry.type().bytes();
    if (!one || !entry.type().loadable()) {
      throw new ModelFolderException(
          file.path(),
          "has scale '" + scale + "' of " + entry.type() + " " + entry.shape(),
          "use float8 weights with one scale for each tensor, or wider ones");
    }
    float value = file.floats(scale)[0];
    if (!Float.isFinite(value)) {
      throw new ModelFolderException(
          file.path(), "has scale '" + scale + "' = " + value, PartFiles.REMEDY);
    }
    return value;
  }

  /** The format that a layer is said to have. */
  private Optional<String> format(String layer) {
    String key = layer + ".comfy_quant";
    if (files.has(key)) {
      return Optional.of(json(files.of(key), key, text(key)).path("format").asText("(none)"));
    }
    String weight = layer + WEIGHT;
    SafetensorsFile file = files.of(weight);
    String table = file.metadata().get("_quantization_metadata");
    if (table == null) {
      return Optional.empty();
    }
    JsonNode layers = json(file, "_quantization_metadata", table).path("layers");
    return Optional.ofNullable(layers.path(layer).path("format").textValue());
  }

  private String text(String key) {
    SafetensorsFile file = files.of(key);
    TensorEntry entry = file.entry(key);
    if (entry.type() != TensorType.U8 || entry.length() > LONGEST) {
      throw new ModelFolderException(
          file.path(), "has '" + key + "' of " + entry.type() + ", not a text", PartFiles.REMEDY);
    }
    ByteBuffer bytes = file.bytes(key);
    return java.nio.charset.StandardCharsets.UTF_8.decode(bytes).toString();
  }

  private static JsonNode json(SafetensorsFile file, String name, String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException | SafetensorsException broken) {
      throw new ModelFolderException(
          file.path() + " has no readable JSON in '" + name + "'; " + PartFiles.REMEDY, broken);
    }
  }
}
