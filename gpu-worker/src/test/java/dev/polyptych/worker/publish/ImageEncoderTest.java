package dev.polyptych.worker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.worker.sheet.SheetPixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ImageEncoderTest {
  /** A field of pure red over one of pure blue: swapped channels or rows would show. */
  private static final SheetPixels FLAG = flag(48, 32);

  @Test
  void pngKeepsEveryPixel() throws Exception {
    // When
    BufferedImage image = decoded(ImageFormat.PNG);
    // Then
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 48; x++) {
        assertEquals(y < 16 ? 0xFFFF0000 : 0xFF0000FF, image.getRGB(x, y));
      }
    }
  }

  @Test
  void jpegIsHardlyDifferentInTheMiddleOfAField() throws Exception {
    // When
    BufferedImage image = decoded(ImageFormat.JPEG);
    // Then
    int red = image.getRGB(24, 4);
    int blue = image.getRGB(24, 28);
    assertTrue((red >> 16 & 255) > 245 && (red & 255) < 10, Integer.toHexString(red));
    assertTrue((blue & 255) > 245 && (blue >> 16 & 255) < 10, Integer.toHexString(blue));
  }

  private static BufferedImage decoded(ImageFormat format) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(ImageEncoder.encode(FLAG, format)));
  }

  private static SheetPixels flag(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int pixel = 0; pixel < width * height; pixel++) {
      rgb[3 * pixel + (pixel < width * height / 2 ? 0 : 2)] = (byte) 255;
    }
    return new SheetPixels(width, height, rgb);
  }
}
