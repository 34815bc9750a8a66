package dev.polyptych.cli.command;

import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.catalog.ReferenceMethod;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Pictures that a drawing starts from. */
final class ReferenceOptions {
  @Option(
      names = "--reference",
      paramLabel = "PANEL=FILE",
      description =
          "Keep this picture (PNG, JPEG, WebP or GIF) as a panel, counted from 1, and draw the others"
              + " around it. It is cropped and scaled to the panel. Repeat it for more panels.")
  private Map<Integer, Path> references = Map.of();

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "Start panels without a reference from this picture of the whole sheet.")
  private Optional<Path> sheet = Optional.empty();

  @Option(
      names = "--strength",
      paramLabel = "0..1",
      description =
          "How far to move away from the start picture: the part of the steps that run (default:"
              + " ${DEFAULT-VALUE}, start from noise).")
  private double strength = 1;

  @Option(
      names = "--reference-method",
      paramLabel = "sdedit|clean|condition",
      description =
          "How kept pictures steer the other panels: with each step's noise, without noise, or as the"
              + " model was trained to (FLUX.1 Fill; default: condition with Fill, else sdedit).")
  private Optional<ReferenceMethod> method = Optional.empty();

  /** The method that was chosen, if any. */
  Optional<ReferenceMethod> method() {
    return method;
  }

  /**
   * The sheet to draw from; empty to draw from text alone.
   *
   * @throws dev.polyptych.engine.image.PictureException for a file that can't be used
   * @throws IllegalArgumentException for options that do not fit the layout or each other
   */
  Optional<ReferenceSheet> read(Layout layout) {
    if (references.isEmpty() && sheet.isEmpty() && strength == 1) {
      return Optional.empty();
    }
    Map<Integer, SheetPixels> panels = new TreeMap<>();
    references.forEach((panel, file) -> panels.put(panel, PictureReader.read(file)));
    return Optional.of(
        ReferenceSheet.compose(layout, panels, sheet.map(PictureReader::read), strength));
  }
}
