package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures of one size as a network takes them. */
public final class SheetBatch {
  private static final int CHANNELS = 3;

  private SheetBatch() {}

  /** (pictures, 3, height, width), float32, -1 to 1, attached to {@code manager}. */
  public static NDArray of(List<BufferedImage> pictures, NDManager manager) {
    int width = pictures.getFirst().getWidth();
    int height = pictures.getFirst().getHeight();
    float[] values = new float[pictures.size() * CHANNELS * height * width];
    int start = 0;
    for (BufferedImage picture : pictures) {
      int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
      for (int i = 0; i < pixels.length; i++) {
        values[start + i] = unit(pixels[i] >> 16);
        values[start + pixels.length + i] = unit(pixels[i] >> 8);
        values[start + 2 * pixels.length + i] = unit(pixels[i]);
      }
      start += CHANNELS * pixels.length;
    }
    return manager.create(values, new Shape(pictures.size(), CHANNELS, height, width));
  }

  /** The picture of values (3, height, width), nominally -1 to 1; of type INT_RGB. */
  static BufferedImage picture(float[] values, int width, int height) {
    int pixels = width * height;
    int[] colours = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      colours[i] =
          channel(values[i]) << 16
              | channel(values[pixels + i]) << 8
              | channel(values[2 * pixels + i]);
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, width, height, colours, 0, width);
    return picture;
  }

  private static int channel(float unit) {
    return Math.clamp(Math.round((unit + 1) * 127.5f), 0, 255);
  }

  private static float unit(int channel) {
    return (channel & 0xFF) / 127.5f - 1;
  }
}
