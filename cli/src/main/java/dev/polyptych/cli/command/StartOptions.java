package dev.polyptych.cli.command;

import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a drawing starts from in place of noise. */
final class StartOptions {
  @Mixin private ReferenceOptions references = new ReferenceOptions();

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

  ReferenceOptions references() {
    return references;
  }

  /**
   * The sheet to draw from; empty to draw from text alone.
   *
   * @throws dev.polyptych.engine.image.PictureException for a file that can't be used
   * @throws IllegalArgumentException for options that do not fit the layout or each other
   */
  Optional<ReferenceSheet> read(Layout layout) {
    if (references.files().isEmpty() && sheet.isEmpty() && strength == 1) {
      return Optional.empty();
    }
    Map<Integer, SheetPixels> pictures = new TreeMap<>();
    references.files().forEach((panel, file) -> pictures.put(panel, PictureReader.read(file)));
    return Optional.of(
        ReferenceSheet.compose(layout, pictures, sheet.map(PictureReader::read), strength));
  }
}
