package dev.polyptych.weights.gguf;

import dev.polyptych.weights.safetensors.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked header of a file: every tensor lies inside the data, tensors neither overlap nor
 * leave holes beyond their alignment, and each tensor's length follows from its type and shape.
 *
 * @param dataStart the data's first byte in the file
 */
record GgufHeader(Map<String, GgufTensor> tensors, Map<String, String> metadata, long dataStart) {
  /** Limit of the header's length in bytes. T5's, with its vocabulary, takes 1 MB. */
  static final int MAX_LENGTH = 32 << 20;

  private static final int MAGIC = 0x46554747;
  private static final List<Long> VERSIONS = List.of(2L, 3L);

  /** FLUX.1's transformer has 780 tensors. */
  private static final int MOST = 1 << 16;

  private static final int LEAST_TENSOR = 24;
  private static final int MOST_DIMENSIONS = 4;

  /** Parses and checks a header at the beginning of a file of {@code size} bytes. */
  static GgufHeader parse(Path file, ByteBuffer beginning, long size) {
    GgufInput in = new GgufInput(file, beginning, beginning.remaining() == size);
    if (in.unsigned32() != MAGIC) {
      throw new GgufException(file, "is not GGUF", GgufException.FETCH);
    }
    checkVersion(file, in.unsigned32());
    long count = in.count("tensors", LEAST_TENSOR, MOST);
    GgufMetadata metadata = GgufMetadata.read(in, MOST);
    Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      GgufTensor tensor = tensor(in, metadata.alignment());
      String name = tensor.entry().name();
      if (tensors.putIfAbsent(name, tensor) != null) {
        throw problem(file, name, "is there twice");
      }
    }
    long dataStart = aligned(in.position(), metadata.alignment());
    checkLayout(file, tensors, size - dataStart, metadata.alignment());
    return new GgufHeader(tensors, metadata.strings(), dataStart);
  }

  private static void checkVersion(Path file, long version) {
    if (VERSIONS.contains(Long.reverseBytes(version) >>> Integer.SIZE)) {
      throw new GgufException(
          file, "is GGUF with the high bytes first", "use a little-endian file");
    }
    if (!VERSIONS.contains(version)) {
      throw new GgufException(file, "is GGUF version " + version, "use a file of version 2 or 3");
    }
  }

  private static GgufTensor tensor(GgufInput in, long alignment) {
    String name = in.string("tensor's name");
    long dimensions = in.unsigned32();
    if (dimensions > MOST_DIMENSIONS) {
      throw problem(in.file(), name, "has " + dimensions + " dimensions, at most 4 are read");
    }
    List<Long> shape = new ArrayList<>();
    for (long i = 0; i < dimensions; i++) {
      shape.addFirst(in.number64());
      if (shape.getFirst() < 1) {
        throw problem(in.file(), name, "has the size " + Long.toUnsignedString(shape.getFirst()));
      }
    }
    GgufType type = GgufType.of(in.file(), name, in.unsigned32());
    long begin = in.number64();
    if (begin < 0 || begin % alignment != 0) {
      throw problem(
          in.file(),
          name,
          "begins at byte %s, no multiple of %d"
              .formatted(Long.toUnsignedString(begin), alignment));
    }
    try {
      long end = Math.addExact(begin, length(in.file(), name, type, shape));
      return new GgufTensor(new TensorEntry(name, type.valueType(), shape, begin, end), type);
    } catch (ArithmeticException e) {
      throw problem(in.file(), name, "shape " + shape + " overflows");
    }
  }

  private static long length(Path file, String name, GgufType type, List<Long> shape) {
    if (type.blocks() && (shape.isEmpty() || shape.getLast() % type.blockValues() != 0)) {
      throw problem(
          file,
          name,
          "of shape %s does not fill its blocks of %d values".formatted(shape, type.blockValues()));
    }
    long values = shape.stream().reduce(1L, Math::multiplyExact);
    // Bytes of decoded values must not overflow either.
    Math.multiplyExact(values, (long) Math.max(type.blockBytes(), Float.BYTES));
    return type.bytes(values);
  }

  private static void checkLayout(
      Path file, Map<String, GgufTensor> tensors, long dataLength, long alignment) {
    List<TensorEntry> entries =
        tensors.values().stream()
            .map(GgufTensor::entry)
            .sorted(Comparator.comparingLong(TensorEntry::begin))
            .toList();
    long reached = 0;
    for (TensorEntry entry : entries) {
      if (entry.end() > dataLength) {
        throw problem(
            file,
            entry.name(),
            "ends at byte %d of the data, but the file holds only %d (truncated?)"
                .formatted(entry.end(), Math.max(0, dataLength)));
      }
      if (entry.begin() < reached) {
        throw problem(file, entry.name(), "overlaps the tensor before it");
      }
      if (entry.begin() > aligned(reached, alignment)) {
        throw problem(file, entry.name(), "leaves a hole before it");
      }
      reached = entry.end();
    }
    if (dataLength > aligned(reached, alignment)) {
      throw new GgufException(
          file,
          (dataLength - reached) + " bytes after the last tensor belong to none",
          GgufException.FETCH);
    }
  }

  private static long aligned(long position, long alignment) {
    return (position + alignment - 1) / alignment * alignment;
  }

  private static GgufException problem(Path file, String tensor, String problem) {
    return new GgufException(file, "tensor '" + tensor + "' " + problem, GgufException.FETCH);
  }
}
