package dev.polyptych.weights.gguf;

import dev.polyptych.weights.safetensors.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Types of GGUF tensors that are read (ggml.h, {@code ggml_type}). */
enum GgufType {
  F32(0, TensorType.F32),
  F16(1, TensorType.F16),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, TensorType.BF16);

  /** Names of others, for messages. */
  private static final Map<Long, String> UNREAD =
      Map.ofEntries(
          Map.entry(9L, "Q8_1"),
          Map.entry(10L, "Q2_K"),
          Map.entry(11L, "Q3_K"),
          Map.entry(15L, "Q8_K"),
          Map.entry(16L, "IQ2_XXS"),
          Map.entry(17L, "IQ2_XS"),
          Map.entry(18L, "IQ3_XXS"),
          Map.entry(19L, "IQ1_S"),
          Map.entry(20L, "IQ4_NL"),
          Map.entry(21L, "IQ3_S"),
          Map.entry(22L, "IQ2_S"),
          Map.entry(23L, "IQ4_XS"),
          Map.entry(24L, "I8"),
          Map.entry(25L, "I16"),
          Map.entry(26L, "I32"),
          Map.entry(27L, "I64"),
          Map.entry(28L, "F64"),
          Map.entry(29L, "IQ1_M"),
          Map.entry(34L, "TQ1_0"),
          Map.entry(35L, "TQ2_0"),
          Map.entry(39L, "MXFP4"),
          Map.entry(40L, "NVFP4"));

  private final long number;
  private final TensorType values;
  private final int blockValues;
  private final int blockBytes;

  GgufType(long number, TensorType values) {
    this(number, values, 1, values.bytes());
  }

  GgufType(long number, int blockValues, int blockBytes) {
    this(number, TensorType.F32, blockValues, blockBytes);
  }

  GgufType(long number, TensorType values, int blockValues, int blockBytes) {
    this.number = number;
    this.values = values;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
  }

  /** The type of a number in a header. */
  static GgufType of(Path file, String tensor, long number) {
    for (GgufType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    String known = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    throw new GgufException(
        file,
        "tensor '%s' is of type %s, which is not read"
            .formatted(tensor, UNREAD.getOrDefault(number, Long.toString(number))),
        "use a file in " + known);
  }

  /** Its number in a header. */
  long number() {
    return number;
  }

  /** Type of its values when they are read. */
  TensorType valueType() {
    return values;
  }

  /** Whether values lie in blocks with a scale. */
  boolean blocks() {
    return blockValues > 1;
  }

  int blockValues() {
    return blockValues;
  }

  int blockBytes() {
    return blockBytes;
  }

  /**
   * Bytes of whole blocks.
   *
   * @param count a multiple of a block's values
   */
  long bytes(long count) {
    return count / blockValues * blockBytes;
  }
}
