package dev.polyptych.lab.bench.startup;

import dev.polyptych.schema.catalog.Task;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the bench starts.
 *
 * @param folder for logs and data
 * @param arms name to the command line before {@code up} or {@code worker}; the first one is what
 *     the others are compared with
 * @param task whose example is drawn
 */
public record StartupSetup(
    Path folder, Map<String, List<String>> arms, Task task, Running running) {
  public StartupSetup {
    arms = new LinkedHashMap<>(arms);
  }

  /** A dispatcher without workers, and what a worker joins to get its jobs. */
  public record Running(URI dispatcher, String bootstrapServers, String redis) {}
}
