package dev.polyptych.weights.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked JSON header of a file: every tensor lies inside the data, tensors neither overlap nor
 * leave holes, and each tensor's length follows from its type and shape.
 */
record SafetensorsHeader(Map<String, TensorEntry> tensors, Map<String, String> metadata) {
  /**
   * Limit of the header's length in bytes. A longer header is refused before it is read. The format
   * allows 100 MB, but FLUX.1's longest has 0.1 MB, and a parsed header takes many times its
   * length.
   */
  static final long MAX_LENGTH = 16L << 20;

  private static final int MAX_DEPTH = 8;
  static final String METADATA = "__metadata__";

  /** Our own entry of the metadata: SHA-256 over each tensor's {@link #digestLine} and bytes. */
  static final String DIGEST = "polyptych.sha256";

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static byte[] digestLine(String name, TensorType type, List<Long> shape) {
    return (name + " " + type + " " + shape + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Parses and checks a header in front of {@code dataLength} bytes. */
  static SafetensorsHeader parse(Path file, byte[] header, long dataLength) {
    JsonNode root = json(file, header);
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    root.properties()
        .forEach(
            property -> {
              if (property.getKey().equals(METADATA)) {
                metadata.putAll(strings(file, property.getValue()));
              } else {
                tensors.put(property.getKey(), entry(file, property.getKey(), property.getValue()));
              }
            });
    checkLayout(file, new ArrayList<>(tensors.values()), dataLength);
    return new SafetensorsHeader(tensors, metadata);
  }

  private static JsonNode json(Path file, byte[] header) {
    try {
      JsonNode root = JSON.readTree(header);
      if (!root.isObject() || header[0] != '{') {
        throw new SafetensorsException(file, "header is not a JSON object");
      }
      return root;
    } catch (IOException e) {
      String reason =
          e instanceof com.fasterxml.jackson.core.JsonProcessingException json
              ? json.getOriginalMessage()
              : e.getMessage();
      throw new SafetensorsException(file, "header is not readable JSON: " + reason, e);
    }
  }

  private static Map<String, String> strings(Path file, JsonNode node) {
    Map<String, String> strings = new LinkedHashMap<>();
    if (!node.isObject()) {
      throw new SafetensorsException(file, METADATA + " is not an object");
    }
    node.properties()
        .forEach(
            property -> {
              if (!property.getValue().isTextual()) {
                throw new SafetensorsException(
                    file, METADATA + " value of " + property.getKey() + " is not a string");
              }
              strings.put(property.getKey(), property.getValue().textValue());
            });
    return strings;
  }

  private static TensorEntry entry(Path file, String name, JsonNode node) {
    TensorType type = type(file, name, node.path("dtype"));
    List<Long> shape = naturals(file, name, node.path("shape"), "shape");
    List<Long> offsets = naturals(file, name, node.path("data_offsets"), "data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw problem(file, name, "data_offsets is not [begin, end]");
    }
    TensorEntry entry = new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
    long needed = length(file, entry);
    if (entry.length() != needed) {
      String takes = "but " + type + " " + shape + " takes " + needed;
      throw problem(file, name, "is " + entry.length() + " bytes long, " + takes);
    }
    return entry;
  }

  private static TensorType type(Path file, String name, JsonNode node) {
    for (TensorType type : TensorType.values()) {
      if (type.name().equals(node.textValue())) {
        return type;
      }
    }
    throw problem(file, name, "has unknown dtype " + node);
  }

  private static List<Long> naturals(Path file, String name, JsonNode node, String field) {
    List<Long> numbers = new ArrayList<>();
    if (!node.isArray()) {
      throw problem(file, name, field + " is not an array");
    }
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw problem(file, name, field + " holds " + number + ", which is not a natural number");
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  private static long length(Path file, TensorEntry entry) {
    try {
      return entry.shape().stream().reduce((long) entry.type().bytes(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw problem(file, entry.name(), "shape " + entry.shape() + " overflows");
    }
  }

  private static void checkLayout(Path file, List<TensorEntry> entries, long dataLength) {
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    long reached = 0;
    for (TensorEntry entry : entries) {
      checkPlace(file, entry, reached, dataLength);
      reached = entry.end();
    }
    if (reached != dataLength) {
      throw new SafetensorsException(
          file, (dataLength - reached) + " bytes after the last tensor belong to none");
    }
  }

  private static void checkPlace(Path file, TensorEntry entry, long reached, long dataLength) {
    if (entry.end() > dataLength) {
      String held = "but the file holds only " + dataLength + " (truncated? fetch it again)";
      throw problem(file, entry.name(), "ends at byte " + entry.end() + " of the data, " + held);
    }
    if (entry.begin() < reached) {
      throw problem(file, entry.name(), "overlaps the tensor before it");
    }
    if (entry.begin() > reached) {
      throw problem(file, entry.name(), "leaves a hole before it");
    }
  }

  private static SafetensorsException problem(Path file, String tensor, String problem) {
    return new SafetensorsException(file, "tensor '" + tensor + "' " + problem);
  }
}
