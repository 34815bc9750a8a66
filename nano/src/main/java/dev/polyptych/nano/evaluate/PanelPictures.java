package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.awt.image.BufferedImage;
import java.util.List;

/** Converts the engine's pixels to pictures of the drawn world and back. */
public final class PanelPictures {
  private PanelPictures() {}

  /** The panels of a sheet, in reading order. */
  static List<BufferedImage> cut(SheetPixels sheet, Layout layout) {
    return PanelCutter.cut(sheet, layout).stream().map(PanelPictures::picture).toList();
  }

  /** As a picture of type INT_RGB. */
  public static BufferedImage picture(SheetPixels pixels) {
    BufferedImage picture =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    int[] colours = new int[pixels.width() * pixels.height()];
    for (int i = 0; i < colours.length; i++) {
      int from = SheetPixels.BYTES_A_PIXEL * i;
      colours[i] =
          (pixels.rgb()[from] & 0xFF) << 16
              | (pixels.rgb()[from + 1] & 0xFF) << 8
              | (pixels.rgb()[from + 2] & 0xFF);
    }
    picture.setRGB(0, 0, pixels.width(), pixels.height(), colours, 0, pixels.width());
    return picture;
  }

  static SheetPixels pixels(BufferedImage picture) {
    int width = picture.getWidth();
    int[] colours = picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    byte[] rgb = new byte[SheetPixels.BYTES_A_PIXEL * colours.length];
    for (int i = 0; i < colours.length; i++) {
      int from = SheetPixels.BYTES_A_PIXEL * i;
      rgb[from] = (byte) (colours[i] >> 16);
      rgb[from + 1] = (byte) (colours[i] >> 8);
      rgb[from + 2] = (byte) colours[i];
    }
    return new SheetPixels(width, picture.getHeight(), rgb);
  }
}
