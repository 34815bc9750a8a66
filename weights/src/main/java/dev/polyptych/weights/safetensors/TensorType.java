package dev.polyptych.weights.safetensors;

/** Element types of the safetensors format, each with its width in bytes. */
public enum TensorType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  I64(8),
  U64(8),
  F64(8);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Whether weights of this type can be loaded: F32, F16 or BF16. */
  public boolean loadable() {
    return switch (this) {
      case F32, F16, BF16 -> true;
      case BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, I32, U32, I64, U64, F64 -> false;
    };
  }

  /** Whether its values are fractions: the loadable types, those of 8 bits and F64. */
  public boolean floating() {
    return switch (this) {
      case F32, F16, BF16, F8_E5M2, F8_E4M3, F64 -> true;
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 -> false;
    };
  }

  /** Width of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is a float of 8 bits. */
  public boolean eightBitFloat() {
    return this == F8_E4M3 || this == F8_E5M2;
  }
}
