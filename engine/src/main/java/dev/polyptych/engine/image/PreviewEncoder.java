package dev.polyptych.engine.image;

import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.SheetPixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes previews as small JPEGs. Stateless. Any thread may use it. */
public final class PreviewEncoder {
  /** Limit of a JPEG in bytes. A preview is sent inside an event. */
  public static final int MAX_BYTES = 8 * 1024;

  private static final float[] QUALITIES = {0.8f, 0.6f, 0.4f};

  private PreviewEncoder() {}

  /**
   * A JPEG of at most {@link #MAX_BYTES}. Lowers first the quality, then the size until it fits.
   */
  public static byte[] jpeg(SheetPixels preview) {
    SheetPixels pixels = preview;
    while (true) {
      for (float quality : QUALITIES) {
        byte[] bytes = encode(pixels, quality);
        if (bytes.length <= MAX_BYTES) {
          return bytes;
        }
      }
      pixels =
          PanelFit.fit(pixels, Math.max(1, pixels.width() / 2), Math.max(1, pixels.height() / 2));
    }
  }

  private static byte[] encode(SheetPixels pixels, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.setOutput(output);
      writer.write(null, new IIOImage(image(pixels), null, null), parameters);
    } catch (IOException impossible) {
      throw new UncheckedIOException("encoding in memory failed", impossible);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage image(SheetPixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = pixels.rgb();
    for (int i = 0; i < rgb.length; i += SheetPixels.BYTES_A_PIXEL) {
      int pixel = i / SheetPixels.BYTES_A_PIXEL;
      int value = (rgb[i] & 255) << 16 | (rgb[i + 1] & 255) << 8 | (rgb[i + 2] & 255);
      image.setRGB(pixel % pixels.width(), pixel / pixels.width(), value);
    }
    return image;
  }
}
