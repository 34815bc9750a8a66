package dev.polyptych.worker.publish;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.job.ImageFormat;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes pixels as files. Stateless; any thread. */
public final class ImageEncoder {
  /** JPEG's losses are hardly visible from here on. */
  private static final float JPEG_QUALITY = 0.92f;

  /** Looks as good as the JPEG, in about two thirds of the bytes. */
  private static final float WEBP_QUALITY = 0.9f;

  private static final int[] BAND_OFFSETS = {0, 1, 2};

  private ImageEncoder() {}

  public static byte[] encode(SheetPixels pixels, ImageFormat format) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format.text()).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: by default ImageIO would use a temporary file.
    try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(output);
      writer.write(null, new IIOImage(image(pixels), null, null), parameters(writer, format));
    } catch (IOException impossible) {
      throw new UncheckedIOException("encoding in memory failed", impossible);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static ImageWriteParam parameters(ImageWriter writer, ImageFormat format) {
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    switch (format) {
      case PNG -> {}
      case JPEG -> {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      case WEBP -> {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType("Lossy");
        parameters.setCompressionQuality(WEBP_QUALITY);
      }
    }
    return parameters;
  }

  /** A view of the bytes as they are. */
  private static BufferedImage image(SheetPixels pixels) {
    var color =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(pixels.rgb(), pixels.rgb().length),
            pixels.width(),
            pixels.height(),
            SheetPixels.BYTES_A_PIXEL * pixels.width(),
            SheetPixels.BYTES_A_PIXEL,
            BAND_OFFSETS,
            null);
    return new BufferedImage(color, raster, false, null);
  }
}
