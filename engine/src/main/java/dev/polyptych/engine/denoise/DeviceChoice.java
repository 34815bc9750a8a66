package dev.polyptych.engine.denoise;

import ai.djl.Device;
import ai.djl.engine.Engine;

/**
 * Which device to draw on. One process uses one device. With several GPUs set {@code
 * CUDA_VISIBLE_DEVICES}.
 */
public enum DeviceChoice {
  /** The GPU if PyTorch sees one, else the CPU. */
  AUTO,
  CPU,
  GPU;

  /**
   * The device.
   *
   * @throws IllegalStateException for {@link #GPU} if PyTorch sees none
   */
  public Device device() {
    boolean gpu = Engine.getEngine("PyTorch").getGpuCount() > 0;
    return switch (this) {
      case AUTO -> gpu ? Device.gpu() : Device.cpu();
      case CPU -> Device.cpu();
      case GPU -> {
        if (!gpu) {
          throw new IllegalStateException(
              "no GPU is visible to PyTorch; draw on the CPU or check driver and CUDA libraries");
        }
        yield Device.gpu();
      }
    };
  }
}
