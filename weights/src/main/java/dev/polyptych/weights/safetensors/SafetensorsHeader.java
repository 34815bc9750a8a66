package dev.polyptych.weights.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checked JSON header of a file: every tensor lies inside the data, tensors neither overlap nor
 * leave holes, and each tensor's length follows from its type and shape.
 */
record SafetensorsHeader(Map<String, TensorEntry> tensors, Map<String, String> metadata) {
  /**
   * Limit of the header's length in bytes. A longer header is refused before it is read. The format
   * allows 100 MB. FLUX.1's longest has 0.1 MB, but trainers may add 20 MB of metadata.
   */
  static final int MAX_LENGTH = 32 << 20;

  private static final int MAX_DEPTH = 8;

  /** PyTorch's limit is 64. */
  private static final int MOST_DIMENSIONS = 64;

  static final String METADATA = "__metadata__";

  /** Our own entry of the metadata: SHA-256 over each tensor's {@link #digestLine} and bytes. */
  static final String DIGEST = "polyptych.sha256";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_LENGTH)
                  .build())
          .build();

  static byte[] digestLine(String name, TensorType type, List<Long> shape) {
    return (name + " " + type + " " + shape + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Parses and checks a header in front of {@code dataLength} bytes. */
  static SafetensorsHeader parse(Path file, byte[] header, long dataLength) {
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser in = JSON.createParser(header)) {
      if (header.length == 0 || header[0] != '{' || in.nextToken() != JsonToken.START_OBJECT) {
        throw new SafetensorsException(file, "header is not a JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (name.equals(METADATA)) {
          readStrings(file, in, value, metadata);
        } else {
          tensors.put(name, entry(file, name, in, value));
        }
      }
      if (in.nextToken() != null) {
        throw new SafetensorsException(
            file, "header is not readable JSON: something follows its object");
      }
    } catch (IOException e) {
      String reason =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      throw new SafetensorsException(file, "header is not readable JSON: " + reason, e);
    }
    checkLayout(file, new ArrayList<>(tensors.values()), dataLength);
    return new SafetensorsHeader(tensors, metadata);
  }

  private static void readStrings(
      Path file, JsonParser in, JsonToken start, Map<String, String> strings) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      throw new SafetensorsException(file, METADATA + " is not an object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_STRING) {
        throw new SafetensorsException(file, METADATA + " value of " + name + " is not a string");
      }
      strings.put(name, in.getText());
    }
  }

  private static TensorEntry entry(Path file, String name, JsonParser in, JsonToken start)
      throws IOException {
    Optional<TensorType> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    if (start != JsonToken.START_OBJECT) {
      in.skipChildren();
      throw problem(file, name, "is not an object with dtype, shape and data_offsets");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "dtype" -> type = Optional.of(type(file, name, in, value));
        case "shape" -> shape = Optional.of(naturals(file, name, in, value, field));
        case "data_offsets" -> offsets = Optional.of(naturals(file, name, in, value, field));
        default -> in.skipChildren();
      }
    }
    List<Long> place =
        offsets.orElseThrow(() -> problem(file, name, "data_offsets is not an array"));
    if (place.size() != 2 || place.get(0) > place.get(1)) {
      throw problem(file, name, "data_offsets is not [begin, end]");
    }
    TensorEntry entry =
        new TensorEntry(
            name,
            type.orElseThrow(() -> problem(file, name, "has no dtype")),
            shape.orElseThrow(() -> problem(file, name, "shape is not an array")),
            place.get(0),
            place.get(1));
    long needed = length(file, entry);
    if (entry.length() != needed) {
      String takes = "but " + entry.type() + " " + entry.shape() + " takes " + needed;
      throw problem(file, name, "is " + entry.length() + " bytes long, " + takes);
    }
    return entry;
  }

  private static TensorType type(Path file, String name, JsonParser in, JsonToken value)
      throws IOException {
    for (TensorType type : TensorType.values()) {
      if (value == JsonToken.VALUE_STRING && type.name().equals(in.getText())) {
        return type;
      }
    }
    throw problem(file, name, "has unknown dtype " + in.getText());
  }

  private static List<Long> naturals(
      Path file, String name, JsonParser in, JsonToken start, String field) throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (start != JsonToken.START_ARRAY) {
      throw problem(file, name, field + " is not an array");
    }
    for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
      boolean natural =
          next == JsonToken.VALUE_NUMBER_INT
              && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER
              && in.getLongValue() >= 0;
      if (!natural) {
        throw problem(
            file, name, field + " holds " + in.getText() + ", which is not a natural number");
      }
      if (numbers.size() == MOST_DIMENSIONS) {
        throw problem(file, name, field + " has more than " + MOST_DIMENSIONS + " numbers");
      }
      numbers.add(in.getLongValue());
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
