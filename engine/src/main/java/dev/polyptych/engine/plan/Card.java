package dev.polyptych.engine.plan;

/**
 * Graphics cards of one size.
 *
 * @param gigabytes as their makers say
 * @param bytes of memory that the driver reports, about; of several cards the least
 * @param names common ones
 */
public record Card(int gigabytes, long bytes, String names) {
  private static final long MIB = 1 << 20;

  /** Common sizes, the smallest first. */
  public static java.util.List<Card> common() {
    return java.util.List.of(
        new Card(16, 16_376 * MIB, "RTX 4080, RTX 5080"),
        new Card(24, 23_028 * MIB, "A10, RTX 3090, RTX 4090"),
        new Card(32, 32_607 * MIB, "RTX 5090"),
        new Card(40, 40_536 * MIB, "A100-40"),
        new Card(48, 46_068 * MIB, "L40S, RTX A6000"),
        new Card(80, 81_251 * MIB, "A100-80, H100"));
  }
}
