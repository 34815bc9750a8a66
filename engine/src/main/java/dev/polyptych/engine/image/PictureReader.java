package dev.polyptych.engine.image;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.picture.PictureCheck;
import dev.polyptych.schema.picture.PictureCheck.Flaw;
import dev.polyptych.schema.picture.PictureFormat;
import dev.polyptych.schema.picture.PictureHeader;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads untrusted pictures as 8-bit RGB: PNG, JPEG, WebP, or a GIF with one frame. Transparent
 * pixels are blended with white, grey and 16-bit pictures are converted, and Exif orientation is
 * applied. Stateless. Any thread may use it.
 */
public final class PictureReader {
  private static final long MAX_BYTES = 64L << 20;

  private PictureReader() {}

  /**
   * Reads a file.
   *
   * @throws PictureException if the file can't be read, has another format, or is refused by {@link
   *     PictureCheck} (before decoding)
   */
  public static SheetPixels read(Path file) {
    return read(file.toString(), bytes(file));
  }

  /**
   * As {@link #read(Path)}, for a picture in memory.
   *
   * @param name its name in messages
   */
  public static SheetPixels read(String name, byte[] bytes) {
    PictureFormat format =
        PictureFormat.of(bytes)
            .orElseThrow(
                () ->
                    new PictureException(
                        name, "is no PNG, JPEG, WebP or GIF", "convert it to PNG or JPEG"));
    PictureHeader header = PictureHeader.read(format, bytes);
    refuse(name, PictureCheck.flaw(format, header, bytes));
    return ExifOrientation.upright(decode(name, format, bytes), header.orientation());
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PictureException(
            file.toString(), "is larger than " + (MAX_BYTES >> 20) + " MiB", "make it smaller");
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new PictureException(
          file.toString(), "can't be read (" + unreadable + ")", "check its path", unreadable);
    }
  }

  private static SheetPixels decode(String file, PictureFormat format, byte[] bytes) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(input, false, true);
      refuse(file, PictureCheck.size(reader.getWidth(0), reader.getHeight(0)));
      if (format == PictureFormat.GIF && reader.getNumImages(true) > 1) {
        throw animated(file);
      }
      return pixels(reader.read(0));
    } catch (PictureException known) {
      throw known;
    } catch (IOException | RuntimeException broken) {
      // ImageIO's readers throw all kinds of exceptions for broken files.
      throw new PictureException(
          file,
          "is a broken " + format + " (" + broken.getMessage() + ")",
          "save it again with an image editor",
          broken);
    } finally {
      reader.dispose();
    }
  }

  private static void refuse(String name, Optional<Flaw> flaw) {
    if (flaw.isPresent()) {
      throw new PictureException(name, flaw.get().problem(), flaw.get().remedy());
    }
  }

  private static PictureException animated(String file) {
    return new PictureException(file, "is animated", "save one frame of it as PNG");
  }

  private static SheetPixels pixels(BufferedImage image) {
    boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    byte[] rgb = new byte[SheetPixels.BYTES_A_PIXEL * image.getWidth() * image.getHeight()];
    int[] row = new int[image.getWidth()];
    int place = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      if (grey) {
        readGrey(image, y, row);
      } else {
        image.getRGB(0, y, row.length, 1, row, 0, row.length);
      }
      for (int pixel : row) {
        rgb[place++] = onWhite(pixel >> 16, pixel >>> 24);
        rgb[place++] = onWhite(pixel >> 8, pixel >>> 24);
        rgb[place++] = onWhite(pixel, pixel >>> 24);
      }
    }
    return new SheetPixels(image.getWidth(), image.getHeight(), rgb);
  }

  /** Reads the samples. Java takes grey for linear light, so getRGB would brighten it. */
  private static void readGrey(BufferedImage image, int y, int[] row) {
    Raster raster = image.getRaster();
    int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
    boolean alpha = image.getColorModel().hasAlpha();
    for (int x = 0; x < row.length; x++) {
      int grey = raster.getSample(x, y, 0) * 255 / most;
      int cover = alpha ? raster.getSample(x, y, 1) * 255 / most : 255;
      row[x] = cover << 24 | grey << 16 | grey << 8 | grey;
    }
  }

  private static byte onWhite(int value, int alpha) {
    return (byte) (((value & 255) * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
