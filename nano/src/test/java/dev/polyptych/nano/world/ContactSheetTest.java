package dev.polyptych.nano.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  @Test
  void picturesLieInAGridWithGapsAllAround() {
    BufferedImage picture = new BufferedImage(10, 5, BufferedImage.TYPE_INT_RGB);

    BufferedImage sheet = new ContactSheet(3, 2).of(Collections.nCopies(4, picture));

    assertEquals(3 * 20 + 4 * 4, sheet.getWidth());
    assertEquals(2 * 10 + 3 * 4, sheet.getHeight());
    assertEquals(picture.getRGB(0, 0), sheet.getRGB(4, 4));
  }
}
