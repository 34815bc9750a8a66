package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.nano.evaluate.EvaluationPlan.Contender;
import dev.polyptych.nano.world.ContactSheet;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the first sheets of each task for people. A task is a block of rows: the base's sheets,
 * then the adapter's with the same prompts and noise, then both again with a given first panel.
 */
public final class Gallery {
  private static final int COLUMNS = 8;
  private static final int SCALE = 2;
  private static final int GAP = 12;

  private final Map<String, Rows> tasks = new LinkedHashMap<>();

  /** The rows of one task. */
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
    return ContactSheet.stacked(tasks.values().stream().map(Gallery::block).toList(), GAP);
  }

  private static BufferedImage block(Rows rows) {
    List<BufferedImage> sheets = new ArrayList<>();
    rows.drawn().values().forEach(sheets::addAll);
    rows.referenced().values().forEach(sheets::addAll);
    int columns = rows.drawn().values().iterator().next().size();
    return new ContactSheet(columns, SCALE).of(sheets);
  }
}
