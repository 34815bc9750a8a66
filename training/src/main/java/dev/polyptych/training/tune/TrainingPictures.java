package dev.polyptych.training.tune;

import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Checks pictures and builds sheets from them. Adds problems and warnings to the given lists. */
record TrainingPictures(Layout layout, List<String> problems, List<String> warnings) {
  /** If a panel is enlarged more than this, the adapter learns blur. */
  private static final double LEAST_SCALE = 0.5;

  void checkPanel(Path file) {
    decoded(file).ifPresent(panel -> checkSize(file, panel));
  }

  void checkSheet(Path file) {
    decoded(file).ifPresent(sheet -> checkCut(file, sheet));
  }

  SheetPixels joined(List<Path> panels) {
    return sheet(panels.stream().map(PictureReader::read).toList());
  }

  SheetPixels recut(Path sheet) {
    return sheet(GapCutter.cut(PictureReader.read(sheet), layout));
  }

  /** Fits each picture into its panel, in reading order. Panels lie side by side without gaps. */
  private SheetPixels sheet(List<SheetPixels> pictures) {
    if (pictures.size() != layout.panels()) {
      throw new IllegalArgumentException(
          "%d pictures do not fill %d panels".formatted(pictures.size(), layout.panels()));
    }
    byte[] rgb = new byte[SheetPixels.BYTES_A_PIXEL * layout.sheetWidth() * layout.sheetHeight()];
    int rowBytes = layout.panelWidth() * SheetPixels.BYTES_A_PIXEL;
    for (int panel = 0; panel < pictures.size(); panel++) {
      byte[] fitted =
          PanelFit.fit(pictures.get(panel), layout.panelWidth(), layout.panelHeight()).rgb();
      int top = panel / layout.columns() * layout.panelHeight();
      int left = panel % layout.columns() * rowBytes;
      for (int y = 0; y < layout.panelHeight(); y++) {
        int to = (top + y) * rowBytes * layout.columns() + left;
        System.arraycopy(fitted, y * rowBytes, rgb, to, rowBytes);
      }
    }
    return new SheetPixels(layout.sheetWidth(), layout.sheetHeight(), rgb);
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
          "%s gives %d x %d pixels for a panel of %d x %d; enlarged this much, it teaches blur"
              .formatted(
                  file, panel.width(), panel.height(), layout.panelWidth(), layout.panelHeight()));
    }
  }

  /** The picture's edge divided by the panel's, for the edge where this is smaller. */
  private double scale(SheetPixels panel) {
    return Math.min(
        (double) panel.width() / layout.panelWidth(),
        (double) panel.height() / layout.panelHeight());
  }
}
