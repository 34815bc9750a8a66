package dev.polyptych.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that a panel set is written to: {@code panel-1.png} …, {@code sheet.png}. */
final class PanelSetFiles {
  private final Path folder;
  private final String extension;

  /**
   * @param extension of the image format, without a dot
   */
  PanelSetFiles(Path folder, String extension) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.extension = extension;
  }

  Path writeSheet(byte[] image) throws IOException {
    return Files.write(folder.resolve("sheet." + extension), image);
  }

  /**
   * @param panel 1-based
   */
  Path writePanel(int panel, byte[] image) throws IOException {
    return Files.write(folder.resolve("panel-" + panel + "." + extension), image);
  }
}
