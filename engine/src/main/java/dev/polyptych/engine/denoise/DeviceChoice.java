package dev.polyptych.engine.denoise;

import ai.djl.Device;
import ai.djl.engine.Engine;

/**
 * Where to draw. One process draws on one device; of several GPUs {@code CUDA_VISIBLE_DEVICES}
 * picks it.
 */
public enum DeviceChoice {
  /** The GPU if there is one, else the CPU. */
  AUTO,
  CPU,
  GPU;

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
