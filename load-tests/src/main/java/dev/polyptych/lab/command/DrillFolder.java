package dev.polyptych.lab.command;

import dev.polyptych.cli.embedded.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a drill keeps its logs and data. */
final class DrillFolder {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "New folder for logs, data and the ids of accepted jobs (default: a temporary one, which"
              + " stays only if something failed).")
  private Optional<Path> out = Optional.empty();

  /** Makes the folder and says where it is. */
  Path create(ReportOptions report) throws IOException {
    Path folder =
        out.isPresent() ? Files.createDirectory(out.get()) : TemporaryFolder.create().path();
    report.progress("logs and data are in " + folder);
    return folder;
  }

  /** Deletes a temporary folder after a drill that passed. Returns the exit status. */
  int leave(Path folder, boolean passed) throws IOException {
    if (out.isEmpty() && passed) {
      new TemporaryFolder(folder).close();
    }
    return passed ? 0 : 1;
  }
}
