package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** The subjects' drawings at their stored size, without transparent margins. */
final class Drawings {
  /** The side of a stored drawing. */
  static final int SIDE = 256;

  private final Map<Subject, BufferedImage> emoji = new EnumMap<>(Subject.class);

  Drawings() {
    Subject.emoji().forEach(subject -> emoji.put(subject, read(subject)));
  }

  /** The drawing in the given shade and, for a letter, typeface. Of type INT_ARGB. */
  BufferedImage draw(Subject subject, Shade shade, Typeface typeface) {
    return trimmed(
        subject.letter()
            ? Letters.draw(subject, typeface, shade.colour(), SIDE)
            : Tint.of(emoji.get(subject), shade.colour()));
  }

  private static BufferedImage read(Subject subject) {
    String name = subject.name().toLowerCase(Locale.ROOT) + ".png";
    try (InputStream file = Drawings.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the drawing " + name + " is not on the class path");
      }
      return ImageIO.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the drawing " + name + " cannot be read", e);
    }
  }

  private static BufferedImage trimmed(BufferedImage drawing) {
    int left = SIDE;
    int top = SIDE;
    int right = 0;
    int bottom = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      if (drawing.getRGB(i % SIDE, i / SIDE) >>> 24 > 20) {
        left = Math.min(left, i % SIDE);
        right = Math.max(right, i % SIDE + 1);
        top = Math.min(top, i / SIDE);
        bottom = Math.max(bottom, i / SIDE + 1);
      }
    }
    return drawing.getSubimage(left, top, right - left, bottom - top);
  }
}
