package dev.polyptych.training.tune;

import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.PanelJoiner;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Checks pictures and makes sheets of them; what is wrong with one is added to a list. */
record TrainingPictures(Layout layout, List<String> problems, List<String> warnings) {
  /** Below this a panel is enlarged so much that the adapter learns blur. */
  private static final double LEAST_SCALE = 0.5;

  void checkPanel(Path file) {
    decoded(file).ifPresent(panel -> checkSize(file, panel));
  }

  void checkSheet(Path file) {
    decoded(file).ifPresent(sheet -> checkCut(file, sheet));
  }

  SheetPixels joined(List<Path> panels) {
    return PanelJoiner.join(panels.stream().map(PictureReader::read).toList(), layout);
  }

  SheetPixels recut(Path sheet) {
    return PanelJoiner.join(GapCutter.cut(PictureReader.read(sheet), layout), layout);
  }

  private Optional<SheetPixels> decoded(Path file) {
    try {
      return Optional.of(PictureReader.read(file));
    } catch (PictureException unusable) {
      problems.add(unusable.getMessage());
      return Optional.empty();
    }
  }

  private void checkCut(Path file, SheetPixels sheet) {
    try {
      GapCutter.cut(sheet, layout).stream()
          .min(Comparator.comparingDouble(this::scale))
          .ifPresent(panel -> checkSize(file, panel));
    } catch (IllegalArgumentException tooSmall) {
      problems.add(file + " is too small: " + tooSmall.getMessage() + "; give a larger picture");
    }
  }

  private void checkSize(Path file, SheetPixels panel) {
    if (scale(panel) < LEAST_SCALE) {
      warnings.add(
          "%s gives %d x %d pixels for a panel of %d x %d; enlarged so much, it teaches blur"
              .formatted(
                  file, panel.width(), panel.height(), layout.panelWidth(), layout.panelHeight()));
    }
  }

  /** How much of the panel's edge the picture has, along the edge where it has less. */
  private double scale(SheetPixels panel) {
    return Math.min(
        (double) panel.width() / layout.panelWidth(),
        (double) panel.height() / layout.panelHeight());
  }
}
