package dev.polyptych.engine.graph;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The type of the weights and products of transformer and text encoders. Latents, sigmas,
 * autoencoder and pixels are always float32.
 */
public enum ComputeType {
  FLOAT32(6, 4),
  BFLOAT16(15, 2);

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  private final int torchNumber;
  private final int bytes;

  ComputeType(int torchNumber, int bytes) {
    this.torchNumber = torchNumber;
    this.bytes = bytes;
  }

  /** Its name in settings and logs, for example {@code bfloat16}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** The number of this type in TorchScript ({@code c10::ScalarType}). */
  public int torchNumber() {
    return torchNumber;
  }

  /**
   * bfloat16 if the hardware multiplies it natively, else float32. Emulated bfloat16 is slower than
   * float32.
   */
  public static ComputeType nativeTo(Device device) {
    return device.isGpu() || processorKnowsBfloat16() ? BFLOAT16 : FLOAT32;
  }

  private static boolean processorKnowsBfloat16() {
    try {
      String flags = Files.isReadable(PROCESSOR) ? Files.readString(PROCESSOR) : "";
      return flags.contains("amx_bf16") || flags.contains("avx512_bf16");
    } catch (IOException e) {
      return false;
    }
  }
}
