package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.sheet.SheetPixels;

/** Pixels as the autoencoder sees them. */
public final class SheetPicture {
  private SheetPicture() {}

  /** (1, 3, height, width), float32, -1 to 1, attached to {@code manager}. */
  public static NDArray of(SheetPixels pixels, NDManager manager) {
    int plane = pixels.width() * pixels.height();
    float[] values = new float[pixels.rgb().length];
    for (int i = 0; i < values.length; i++) {
      int channel = i % SheetPixels.BYTES_A_PIXEL;
      float unit = (pixels.rgb()[i] & 255) / 255f;
      values[channel * plane + i / SheetPixels.BYTES_A_PIXEL] = 2 * unit - 1;
    }
    return manager.create(values, new Shape(1, 3, pixels.height(), pixels.width()));
  }
}
