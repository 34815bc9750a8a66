package dev.polyptych.lab.bench.uploads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.picture.PictureCheck;
import dev.polyptych.schema.picture.PictureFormat;
import dev.polyptych.schema.picture.PictureHeader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HostilePicturesTest {
  @Property(tries = 150)
  void eachIsRefusedOrDecodedWithinTheBounds(@ForAll long seed) {
    HostilePictures.Hostile picture = new HostilePictures(seed).next();
    Optional<PictureFormat> format = PictureFormat.of(picture.bytes());
    if (format.isPresent() && flaw(format.get(), picture.bytes()).isEmpty()) {
      try {
        SheetPixels decoded = PictureReader.read(picture.kind(), picture.bytes());
        assertTrue((long) decoded.width() * decoded.height() <= PictureCheck.MAX_PIXELS);
      } catch (PictureException refused) {
        assertTrue(refused.getMessage().startsWith(picture.kind()), refused.getMessage());
      }
    }
  }

  @Test
  void aSeedMakesTheSamePicturesAndTheyAreOfManyKinds() {
    HostilePictures first = new HostilePictures(7);
    HostilePictures second = new HostilePictures(7);
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      HostilePictures.Hostile picture = first.next();
      kinds.add(picture.kind());
      assertArrayEquals(picture.bytes(), second.next().bytes());
    }
    assertTrue(kinds.size() > 8, kinds::toString);
  }

  @Test
  void aLongPngIsWholeSoThatOnlyItsSizeIsWrong() {
    byte[] whole = HostilePictures.png(1, 250);
    byte[] tall = HostilePictures.png(1, 12_000_000);

    assertEquals(Optional.empty(), flaw(PictureFormat.PNG, whole));
    assertTrue(flaw(PictureFormat.PNG, tall).orElseThrow().contains("along an edge"));
  }

  private static Optional<String> flaw(PictureFormat format, byte[] file) {
    return PictureCheck.flaw(format, PictureHeader.read(format, file), file)
        .map(PictureCheck.Flaw::text);
  }
}
