package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final String QUANT = ".comfy_quant";
  private static final int LONGEST = 4096;

  private final PartFiles files;

  /** The metadata's tables, which may be long, by file. */
  private final Map<SafetensorsFile, JsonNode> tables = new HashMap<>();

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

  /** Whether the file says that products with a weight need wide operands. */
  boolean fullPrecision(String key) {
    return key.endsWith(WEIGHT)
        && said(key.substring(0, key.length() - WEIGHT.length()))
            .map(layer -> layer.path("full_precision_matrix_mult").asBoolean(false))
            .orElse(false);
  }

  /** The format that a layer is said to have. */
  private Optional<String> format(String layer) {
    boolean own = files.has(layer + QUANT);
    return said(layer)
        .map(words -> words.path("format"))
        .flatMap(
            format ->
                own
                    ? Optional.of(format.asText("(none)"))
                    : Optional.ofNullable(format.textValue()));
  }

  /** What the file says of a layer's quantisation: in a tensor of its own, or in its metadata. */
  private Optional<JsonNode> said(String layer) {
    String key = layer + QUANT;
    if (files.has(key)) {
      return Optional.of(json(files.of(key), key, text(key)));
    }
    SafetensorsFile file = files.of(layer + WEIGHT);
    String table = file.metadata().get("_quantization_metadata");
    if (table == null) {
      return Optional.empty();
    }
    if (!tables.containsKey(file)) {
      tables.put(file, json(file, "_quantization_metadata", table).path("layers"));
    }
    return Optional.of(tables.get(file).path(layer));
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
