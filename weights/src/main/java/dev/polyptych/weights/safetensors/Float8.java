package dev.polyptych.weights.safetensors;

/**
 * The two 8-bit float types of files (Micikevicius et al. 2022, arXiv 2209.05433). Every value of
 * both is a value of half precision, too.
 */
public final class Float8 {
  private static final float[] E4M3 = new float[256];

  static {
    for (int bits = 0; bits < 256; bits++) {
      E4M3[bits] = decodedE4m3(bits);
    }
  }

  private Float8() {}

  /**
   * A value of {@link TensorType#F8_E4M3}, which is PyTorch's {@code float8_e4m3fn}: four bits of
   * exponent, three of mantissa, no infinity.
   */
  public static float e4m3(byte bits) {
    return E4M3[bits & 0xFF];
  }

  /**
   * A value of {@link TensorType#F8_E5M2}: the upper half of the number of half precision that has
   * the same value.
   */
  public static float e5m2(byte bits) {
    return Float.float16ToFloat((short) (bits << 8));
  }

  private static float decodedE4m3(int bits) {
    int exponent = bits >> 3 & 15;
    int mantissa = bits & 7;
    float size;
    if (exponent == 15 && mantissa == 7) {
      size = Float.NaN;
    } else if (exponent == 0) {
      size = Math.scalb((float) mantissa, -9);
    } else {
      size = Math.scalb((float) (8 + mantissa), exponent - 10);
    }
    return bits >= 128 ? -size : size;
  }
}
