package dev.polyptych.lab.bench.stepcache;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.nano.world.ContactSheet;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.worker.publish.ImageEncoder;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Sheets to look at: rows of the same sheet, drawn in different ways. */
public final class CacheGallery {
  private final List<BufferedImage> rows = new ArrayList<>();

  void add(List<DrawnJob> jobs) {
    List<BufferedImage> pictures = jobs.stream().map(job -> picture(job.picture())).toList();
    rows.add(new ContactSheet(pictures.size(), 1).of(pictures));
  }

  /** Writes a PNG of all rows, one below the other. */
  public void write(Path file) throws IOException {
    int width = rows.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = rows.stream().mapToInt(BufferedImage::getHeight).sum();
    BufferedImage whole = new BufferedImage(width, Math.max(1, height), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = whole.createGraphics();
    int top = 0;
    for (BufferedImage row : rows) {
      graphics.drawImage(row, 0, top, null);
      top += row.getHeight();
    }
    graphics.dispose();
    if (!ImageIO.write(whole, "png", file.toFile())) {
      throw new IOException(file + ": this JDK writes no PNG");
    }
  }

  private static BufferedImage picture(SheetPixels sheet) {
    try {
      return ImageIO.read(new ByteArrayInputStream(ImageEncoder.encode(sheet, ImageFormat.PNG)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
