package dev.polyptych.lab.drill;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ids that were answered with 202, each written down before anything else is done with it. */
final class Accepted implements AutoCloseable {
  private final BufferedWriter file;
  private final Set<String> ids = new LinkedHashSet<>();

  Accepted(Path path) throws IOException {
    this.file = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  synchronized void note(String id) {
    if (ids.add(id)) {
      try {
        file.write(id);
        file.newLine();
        file.flush();
      } catch (IOException full) {
        throw new UncheckedIOException("the accepted job " + id + " can't be written down", full);
      }
    }
  }

  synchronized List<String> ids() {
    return List.copyOf(ids);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
