package dev.polyptych.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that a panel set is written to: {@code panel-1.png} …, {@code sheet.png}. */
public final class PanelSetFiles {
  private final Path folder;
  private final String extension;

  /**
   * Creates the folder where there is none.
   *
   * @param extension of the image format, without a dot
   */
  public PanelSetFiles(Path folder, String extension) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.extension = extension;
  }

  /** Returns the file that was written. */
  public Path writeSheet(byte[] image) throws IOException {
    return Files.write(folder.resolve("sheet." + extension), image);
  }

  /**
   * Returns the file that was written.
   *
   * @param panel 1-based
   */
  public Path writePanel(int panel, byte[] image) throws IOException {
    return Files.write(folder.resolve("panel-" + panel + "." + extension), image);
  }
}
