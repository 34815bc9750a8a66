package dev.polyptych.worker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.job.ImageFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

  @Test
  void webpIsHardlyDifferentAndSmaller() throws Exception {
    // Given
    SheetPixels waves = waves(256, 192);
    // When
    byte[] webp = ImageEncoder.encode(waves, ImageFormat.WEBP);
    // Then
    byte[] png = ImageEncoder.encode(waves, ImageFormat.PNG);
    double decibels = psnr(decoded(png), decoded(webp));
    assertTrue(decibels > 38, "PSNR " + decibels);
    assertTrue(webp.length < png.length / 4, webp.length + " of " + png.length + " bytes");
    assertEquals("WEBP", new String(webp, 8, 4, StandardCharsets.US_ASCII));
  }

  /** Peak signal-to-noise ratio in decibels, over all three channels. */
  private static double psnr(BufferedImage one, BufferedImage other) {
    double squares = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          int difference = (one.getRGB(x, y) >> shift & 255) - (other.getRGB(x, y) >> shift & 255);
          squares += difference * difference;
        }
      }
    }
    double mean = squares / (3.0 * one.getWidth() * one.getHeight());
    return 10 * Math.log10(255 * 255 / mean);
  }

  /** Colours that change softly everywhere and differently in each channel. */
  private static SheetPixels waves(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int place = 0; place < rgb.length; place++) {
      int row = place / 3 / width;
      int column = place / 3 % width;
      double wave = Math.sin(column / 19.0 + place % 3) * Math.cos(row / 13.0);
      rgb[place] = (byte) Math.round(127.5 + 120 * wave);
    }
    return new SheetPixels(width, height, rgb);
  }

  private static BufferedImage decoded(byte[] file) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  private static BufferedImage decoded(ImageFormat format) throws Exception {
    return decoded(ImageEncoder.encode(FLAG, format));
  }

  private static SheetPixels flag(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int pixel = 0; pixel < width * height; pixel++) {
      rgb[3 * pixel + (pixel < width * height / 2 ? 0 : 2)] = (byte) 255;
    }
    return new SheetPixels(width, height, rgb);
  }
}
