package dev.polyptych.weights.gguf;

/**
 * Decodes blocks: small whole numbers that share a scale, and perhaps a minimum (ggml-quants.c,
 * {@code dequantize_row_*}). Every product and sum is rounded to float32, as there.
 */
final class BlockDecoder {
  private BlockDecoder() {}

  /**
   * Decodes a block of a type that has blocks.
   *
   * @param in bytes of the block from {@code at} on
   * @param out gets the values from {@code to} on
   */
  static void decode(GgufType type, byte[] in, int at, float[] out, int to) {
    switch (type) {
      case Q4_0 -> q4(in, at, out, to);
      case Q4_1 -> q4WithMinimum(in, at, out, to);
      case Q5_0 -> q5(in, at, out, to);
      case Q5_1 -> q5WithMinimum(in, at, out, to);
      case Q8_0 -> q8(in, at, out, to);
      case Q4_K -> q4k(in, at, out, to);
      case Q5_K -> q5k(in, at, out, to);
      case Q6_K -> q6k(in, at, out, to);
      case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks");
    }
  }

  /** 32 values d · (q - 8): d, 4 bits each; the low halves of 16 bytes, then the high ones. */
  private static void q4(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * (nibble(in, at + 2, i) - 8);
    }
  }

  /** 32 values d · q + m: d, m, 4 bits each. */
  private static void q4WithMinimum(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float minimum = half(in, at + 2);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * nibble(in, at + 4, i) + minimum;
    }
  }

  /** 32 values d · (q - 16): d, 32 fifth bits, 4 bits each. */
  private static void q5(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * ((nibble(in, at + 6, i) | (bit(in, at + 2, i) << 4)) - 16);
    }
  }

  /** 32 values d · q + m: d, m, 32 fifth bits, 4 bits each. */
  private static void q5WithMinimum(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    float minimum = half(in, at + 2);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * (nibble(in, at + 8, i) | (bit(in, at + 4, i) << 4)) + minimum;
    }
  }

  /** 32 values d · q: d, 8 bits each. */
  private static void q8(byte[] in, int at, float[] out, int to) {
    float scale = half(in, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * in[at + 2 + i];
    }
  }

  /**
   * 256 values in 8 groups, (d · s) · q - (e · m): d, e, 6 bits each of s and m, 4 bits each of q.
   */
  private static void q4k(byte[] in, int at, float[] out, int to) {
    for (int group = 0; group < 8; group++) {
      float scale = half(in, at) * scale(in, at + 4, group);
      float minimum = half(in, at + 2) * minimum(in, at + 4, group);
      int codes = at + 16 + group / 2 * 32;
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        out[to + group * 32 + i] = scale * ((in[codes + i] >> shift) & 15) - minimum;
      }
    }
  }

  /** As {@link #q4k}, with a fifth bit for each value before the other four. */
  private static void q5k(byte[] in, int at, float[] out, int to) {
    for (int group = 0; group < 8; group++) {
      float scale = half(in, at) * scale(in, at + 4, group);
      float minimum = half(in, at + 2) * minimum(in, at + 4, group);
      int codes = at + 48 + group / 2 * 32;
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        int fifth = (in[at + 16 + i] >> group) & 1;
        out[to + group * 32 + i] =
            scale * (((in[codes + i] >> shift) & 15) | (fifth << 4)) - minimum;
      }
    }
  }

  /** 256 values in 16 groups, (d · s) · (q - 32): 4 low and 2 high bits each of q, s, d. */
  private static void q6k(byte[] in, int at, float[] out, int to) {
    for (int group = 0; group < 16; group++) {
      float scale = half(in, at + 208) * in[at + 192 + group];
      int quarter = group / 2 % 4;
      int low = at + group / 8 * 64 + quarter % 2 * 32 + group % 2 * 16;
      int high = at + 128 + group / 8 * 32 + group % 2 * 16;
      for (int i = 0; i < 16; i++) {
        int four = (in[low + i] >> (quarter / 2 * 4)) & 15;
        int bits = four | (((in[high + i] >> (2 * quarter)) & 3) << 4);
        out[to + group * 16 + i] = scale * (bits - 32);
      }
    }
  }

  /** 6 bits: the first four lie in one byte each, the others in a half and a quarter of one. */
  private static int scale(byte[] in, int at, int group) {
    return group < 4
        ? in[at + group] & 63
        : (in[at + 4 + group] & 15) | ((in[at + group - 4] & 0xC0) >> 2);
  }

  private static int minimum(byte[] in, int at, int group) {
    return group < 4
        ? in[at + 4 + group] & 63
        : ((in[at + 4 + group] >> 4) & 15) | ((in[at + group] & 0xC0) >> 2);
  }

  private static int nibble(byte[] in, int at, int i) {
    return (in[at + i % 16] >> (i / 16 * 4)) & 15;
  }

  private static int bit(byte[] in, int at, int i) {
    return (in[at + i / 8] >> (i % 8)) & 1;
  }

  private static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) ((in[at] & 0xFF) | (in[at + 1] << 8)));
  }
}
