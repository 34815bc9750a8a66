package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.nano.world.ContactSheet;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the first few sheets of each task to look at. A task is a block of rows: the base's sheets,
 * below them the adapter's of the same prompts and noise; then both once more, drawn around the
 * first panel, which was given.
 */
public final class Gallery {
  private static final int COLUMNS = 8;
  private static final int SCALE = 2;
  private static final int GAP = 12;

  private final Map<String, Rows> tasks = new LinkedHashMap<>();

  /** Of one task. */
  private record Rows(
      Map<Contender, List<BufferedImage>> drawn, Map<Contender, List<BufferedImage>> referenced) {}

  void add(String task, Contender contender, SheetPixels drawn, SheetPixels referenced) {
    Rows rows =
        tasks.computeIfAbsent(task, key -> new Rows(new LinkedHashMap<>(), new LinkedHashMap<>()));
    add(drawn, rows.drawn().computeIfAbsent(contender, key -> new ArrayList<>()));
    add(referenced, rows.referenced().computeIfAbsent(contender, key -> new ArrayList<>()));
  }

  private static void add(SheetPixels sheet, List<BufferedImage> row) {
    if (row.size() < COLUMNS) {
      row.add(PanelPictures.picture(sheet));
    }
  }

  /** All tasks, one below the other; of type INT_RGB. */
  public BufferedImage picture() {
    List<BufferedImage> blocks = tasks.values().stream().map(Gallery::block).toList();
    int width = blocks.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = blocks.stream().mapToInt(block -> block.getHeight() + GAP).sum();
    BufferedImage picture =
        new BufferedImage(width, Math.max(1, height), BufferedImage.TYPE_INT_RGB);
    var graphics = picture.createGraphics();
    int top = 0;
    for (BufferedImage block : blocks) {
      graphics.drawImage(block, 0, top, null);
      top += block.getHeight() + GAP;
    }
    graphics.dispose();
    return picture;
  }

  private static BufferedImage block(Rows rows) {
    List<BufferedImage> sheets = new ArrayList<>();
    rows.drawn().values().forEach(sheets::addAll);
    rows.referenced().values().forEach(sheets::addAll);
    int columns = rows.drawn().values().iterator().next().size();
    return new ContactSheet(columns, SCALE).of(sheets);
  }
}
