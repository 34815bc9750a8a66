package dev.polyptych.training;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A white picture with smooth lines and text on it. Draws by itself, since Java's Graphics2D wants
 * an X server wherever DISPLAY is set, even for a picture in memory.
 */
final class Drawing {
  private static final int LETTER = 2;

  /** Width of a character with the space after it. */
  static final int ADVANCE = LETTER * (PixelFont.WIDTH + 1);

  /** Height of a line of text. */
  static final int TEXT_HEIGHT = LETTER * PixelFont.HEIGHT;

  private final BufferedImage image;

  Drawing(int width, int height) {
    this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, 0xFFFFFF);
    }
  }

  /** Where something is, in pixels from the top left corner. */
  record Place(double x, double y) {}

  /** A line through all places, of the same ink where it crosses itself. */
  void line(List<Place> places, double width, int rgb) {
    float[] cover = new float[image.getWidth() * image.getHeight()];
    for (int i = 0; i < places.size(); i++) {
      stroke(places.get(Math.max(0, i - 1)), places.get(i), width / 2, cover);
    }
    for (int i = 0; i < cover.length; i++) {
      if (cover[i] > 0) {
        blend(i % image.getWidth(), i / image.getWidth(), rgb, cover[i]);
      }
    }
  }

  /** Text from its top left corner. */
  void text(String text, int left, int top, int rgb) {
    for (int i = 0; i < text.length() * ADVANCE * TEXT_HEIGHT; i++) {
      int x = i % (text.length() * ADVANCE);
      int y = i / (text.length() * ADVANCE);
      int column = x % ADVANCE / LETTER;
      if (column < PixelFont.WIDTH
          && PixelFont.inked(text.charAt(x / ADVANCE), column, y / LETTER)) {
        blend(left + x, top + y, rgb, 1);
      }
    }
  }

  byte[] png() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", output);
    } catch (IOException impossible) {
      throw new UncheckedIOException("encoding in memory failed", impossible);
    }
    return bytes.toByteArray();
  }

  private void stroke(Place from, Place to, double reach, float[] cover) {
    int left = (int) Math.max(0, Math.min(from.x(), to.x()) - reach - 1);
    int right = (int) Math.min(image.getWidth() - 1, Math.max(from.x(), to.x()) + reach + 1);
    int top = (int) Math.max(0, Math.min(from.y(), to.y()) - reach - 1);
    int bottom = (int) Math.min(image.getHeight() - 1, Math.max(from.y(), to.y()) + reach + 1);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double distance = distance(x + 0.5, y + 0.5, from, to);
        int place = y * image.getWidth() + x;
        cover[place] = Math.max(cover[place], (float) Math.clamp(reach + 0.5 - distance, 0.0, 1.0));
      }
    }
  }

  private static double distance(double x, double y, Place from, Place to) {
    double across = to.x() - from.x();
    double down = to.y() - from.y();
    double square = across * across + down * down;
    double along = square == 0 ? 0 : ((x - from.x()) * across + (y - from.y()) * down) / square;
    double part = Math.clamp(along, 0.0, 1.0);
    return Math.hypot(x - from.x() - part * across, y - from.y() - part * down);
  }

  private void blend(int x, int y, int rgb, double cover) {
    if (x < 0 || y < 0 || x >= image.getWidth() || y >= image.getHeight()) {
      return;
    }
    int under = image.getRGB(x, y);
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double value = (rgb >> shift & 255) * cover + (under >> shift & 255) * (1 - cover);
      mixed |= (int) Math.round(value) << shift;
    }
    image.setRGB(x, y, mixed);
  }
}
