package dev.polyptych.lab.bench.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What the bench runs on.
 *
 * @param folder empty; for the model, the catalog and logs
 * @param java the command line that starts Java with our class path, without a main class
 * @param polyptych main class of the {@code polyptych} command
 * @param freePort finds ports that nobody listens on
 * @param model folder of the model whose adapters are copied
 * @param catalog name of its built-in catalog
 */
public record ClusterSetup(
    Path folder,
    List<String> java,
    String polyptych,
    IntSupplier freePort,
    Backends backends,
    Path model,
    String catalog) {
  public ClusterSetup {
    java = List.copyOf(java);
  }

  /**
   * A broker and a Redis of the bench's own, with nothing in them.
   *
   * @param assignor by which the broker gives partitions to workers
   * @param sessionSeconds after which the broker gives a silent worker's partitions to others
   */
  public record Backends(
      String bootstrapServers, String redis, String assignor, double sessionSeconds) {}
}
