package dev.polyptych.weights.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.weights.digest.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file, in the order of adding. The same
 * tensors and metadata always give the same bytes. Not thread-safe.
 */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The header is padded with spaces so that data starts at a multiple of this, as in the format's
   * own writer.
   */
  private static final int ALIGNMENT = 8;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Sorted, so that the caller's map does not decide the order. */
  private final Map<String, String> metadata = new TreeMap<>();

  private boolean digested;

  private record Tensor(TensorType type, List<Long> shape, byte[] bytes) {}

  /** Sets a string of the header's {@code __metadata__}. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a digest of all tensors, which {@link SafetensorsFile#checkDigest} compares. */
  public SafetensorsWriter digested() {
    digested = true;
    return this;
  }

  /**
   * Adds a float32 tensor.
   *
   * @throws IllegalArgumentException if the values do not fill the shape, or the name is taken
   */
  public SafetensorsWriter add(String name, List<Long> shape, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return add(name, TensorType.F32, shape, bytes.array());
  }

  /**
   * Adds a half-precision tensor. Each value is rounded to the nearest.
   *
   * @throws IllegalArgumentException if the values do not fill the shape, or the name is taken
   */
  public SafetensorsWriter addHalf(String name, List<Long> shape, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Float.floatToFloat16(value));
    }
    return add(name, TensorType.F16, shape, bytes.array());
  }

  /**
   * Adds a tensor of any type.
   *
   * @param bytes its values, little-endian
   * @throws IllegalArgumentException if the bytes do not fill the shape, or the name is taken
   */
  public SafetensorsWriter add(String name, TensorType type, List<Long> shape, byte[] bytes) {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    if (elements * type.bytes() != bytes.length) {
      throw new IllegalArgumentException(
          name + ": " + bytes.length + " bytes do not fill " + shape);
    }
    if (tensors.putIfAbsent(name, new Tensor(type, List.copyOf(shape), bytes)) != null) {
      throw new IllegalArgumentException(name + " added twice");
    }
    return this;
  }

  /** Writes the file and replaces an existing one. */
  public void write(Path file) {
    byte[] header = header();
    ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    prefix.putLong(header.length);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(prefix.array());
      out.write(header);
      for (Tensor tensor : tensors.values()) {
        out.write(tensor.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String digest() {
    MessageDigest digest = Sha256.newDigest();
    tensors.forEach(
        (name, tensor) -> {
          digest.update(SafetensorsHeader.digestLine(name, tensor.type(), tensor.shape()));
          digest.update(tensor.bytes());
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private byte[] header() {
    ObjectNode root = JSON.createObjectNode();
    if (digested) {
      metadata.put(SafetensorsHeader.DIGEST, digest());
    }
    if (!metadata.isEmpty()) {
      metadata.forEach(root.putObject(SafetensorsHeader.METADATA)::put);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Tensor tensor = named.getValue();
      ObjectNode entry = root.putObject(named.getKey()).put("dtype", tensor.type().name());
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(offset + tensor.bytes().length);
      offset += tensor.bytes().length;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }
}
