package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes safetensors files of published sizes as holes, so that they take no space on the disk. */
final class PublishedModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final String type;
  private final int bytes;

  PublishedModel(String type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /** Adds a network under a naming, behind a prefix. */
  PublishedModel with(Network network, TensorShapes tensors, Naming naming, String prefix) {
    tensors
        .byName()
        .forEach(
            (name, shape) -> {
              Naming.Place place = naming.place(network, name, shape.getFirst(), 4);
              List<Long> stored = new ArrayList<>(shape);
              if (place.of() > 0) {
                stored.set(0, place.of());
              }
              shapes.put(prefix + place.key(), stored);
            });
    return this;
  }

  /** Changes one tensor's shape. */
  PublishedModel with(String key, Long... shape) {
    shapes.put(key, List.of(shape));
    return this;
  }

  /** Adds a text as a tensor of bytes. */
  PublishedModel text(String key, String text) {
    texts.put(key, text);
    return this;
  }

  PublishedModel without(String beginning) {
    shapes.keySet().removeIf(key -> key.startsWith(beginning));
    return this;
  }

  Path write(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      ObjectNode entry = root.putObject(tensor.getKey()).put("dtype", type);
      tensor.getValue().forEach(entry.putArray("shape")::add);
      long end = offset + tensor.getValue().stream().reduce((long) bytes, (a, b) -> a * b);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    long zeros = offset;
    for (Map.Entry<String, String> text : texts.entrySet()) {
      ObjectNode entry = root.putObject(text.getKey()).put("dtype", "U8");
      entry.putArray("shape").add(text.getValue().length());
      entry.putArray("data_offsets").add(offset).add(offset + text.getValue().length());
      offset += text.getValue().length();
    }
    byte[] header = root.toString().getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .array());
      out.write(header);
      out.setLength(Long.BYTES + header.length + offset);
      out.seek(Long.BYTES + header.length + zeros);
      out.write(String.join("", texts.values()).getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }
}
