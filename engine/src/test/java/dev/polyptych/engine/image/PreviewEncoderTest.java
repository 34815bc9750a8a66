package dev.polyptych.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.sheet.SheetPixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewEncoderTest {
  @ParameterizedTest
  @CsvSource({"16, 24", "256, 128", "512, 256", "1, 1"})
  void staysWithinItsBytesWhateverThePictureShows(int width, int height) {
    byte[] noise = new byte[3 * width * height];
    new Random(1).nextBytes(noise);

    byte[] jpeg = PreviewEncoder.jpeg(new SheetPixels(width, height, noise));

    assertTrue(jpeg.length <= 8192, jpeg.length + " bytes");
  }

  @Test
  void keepsTheSizeOfAPictureThatFits() throws IOException {
    byte[] jpeg = PreviewEncoder.jpeg(new SheetPixels(256, 128, new byte[3 * 256 * 128]));

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    assertEquals("256x128", image.getWidth() + "x" + image.getHeight());
  }
}
