package dev.polyptych.training.tune;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A picture made for a test: noisy panels of one colour each, white wherever there is none.
 *
 * @param columns where panels begin and end across, pixels
 * @param rows where they begin and end down
 */
record Collage(int width, int height, List<int[]> columns, List<int[]> rows) {
  static final List<Color> COLOURS =
      List.of(new Color(180, 40, 40), new Color(40, 160, 60), new Color(50, 60, 170), Color.GRAY);

  private static final int NOISE = 25;

  /** Panels one above the other, with these heights of white before, between and after. */
  static Collage stacked(int width, int panelHeight, int... gaps) {
    List<int[]> rows =
        IntStream.range(0, gaps.length - 1)
            .mapToObj(panel -> IntStream.rangeClosed(0, panel).map(gap -> gaps[gap]).sum())
            .map(white -> new int[] {white, 0})
            .toList();
    for (int panel = 0; panel < rows.size(); panel++) {
      rows.get(panel)[0] += panel * panelHeight;
      rows.get(panel)[1] = rows.get(panel)[0] + panelHeight;
    }
    int height = (gaps.length - 1) * panelHeight + IntStream.of(gaps).sum();
    return new Collage(width, height, List.of(new int[] {0, width}), rows);
  }

  /** A picture of one colour. */
  static Collage plain(int width, int height) {
    return stacked(width, height, 0, 0);
  }

  BufferedImage image() {
    Random random = new Random(7);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int row = index(rows, y);
        int column = index(columns, x);
        int rgb = 0xFFFFFF;
        if (row >= 0 && column >= 0) {
          int noise = random.nextInt(NOISE);
          Color colour = COLOURS.get(row * columns.size() + column);
          rgb =
              new Color(
                      colour.getRed() + noise, colour.getGreen() + noise, colour.getBlue() + noise)
                  .getRGB();
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  void write(Path file) {
    String name = file.getFileName().toString();
    try {
      Files.createDirectories(file.getParent());
      if (name.endsWith("png")) {
        ImageIO.write(image(), "png", file.toFile());
      } else {
        writeJpeg(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** So coarse that white is no longer white all over. */
  private void writeJpeg(Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(0.6f);
    Files.deleteIfExists(file);
    try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(output);
      writer.write(null, new IIOImage(image(), null, null), parameters);
    } finally {
      writer.dispose();
    }
  }

  private static int index(List<int[]> stretches, int line) {
    for (int i = 0; i < stretches.size(); i++) {
      if (line >= stretches.get(i)[0] && line < stretches.get(i)[1]) {
        return i;
      }
    }
    return -1;
  }
}
