package dev.polyptych.engine.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.picture.PictureCheck;
import dev.polyptych.schema.picture.PictureFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever bytes come, a picture or a sentence comes out. */
class PictureMutationTest {
  private static final int MUTATIONS = 3;

  @Property(tries = 400)
  void readsOrRefusesAnyBytes(
      @ForAll PictureFormat format, @ForAll long seed, @ForAll @IntRange(max = 3) int region)
      throws IOException {
    byte[] bytes = valid(format);
    Random random = new Random(seed);
    // Headers, where sizes stand, are hit more often than pixels.
    int reach = region == 0 ? bytes.length : Math.min(bytes.length, 64);
    for (int i = 0; i < MUTATIONS; i++) {
      bytes[random.nextInt(reach)] = (byte) random.nextInt();
    }
    Path file = Files.createTempFile("mutated", ".bin");
    try {
      SheetPixels picture = PictureReader.read(Files.write(file, bytes));
      assertTrue((long) picture.width() * picture.height() <= PictureCheck.MAX_PIXELS);
    } catch (PictureException refusal) {
      assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] valid(PictureFormat format) throws IOException {
    BufferedImage image = new BufferedImage(12, 9, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 4, 0x336699);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format.name().toLowerCase(Locale.ROOT), bytes));
    return bytes.toByteArray();
  }
}
