package dev.polyptych.cli.embedded;

import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.worker.config.WorkerConfigReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings of the two processes in one JVM, as flags of each. */
public record ClusterSettings(Map<String, String> dispatcher, Map<String, String> worker) {
  /** A fleet of one needs few; more would only cost the broker time. */
  private static final String PARTITIONS = "8";

  private static final String ANY_PORT = "0";

  public ClusterSettings {
    dispatcher = Map.copyOf(dispatcher);
    worker = Map.copyOf(worker);
  }

  /** All ports free ones. */
  public static ClusterSettings anyPorts() {
    Map<String, String> free = Map.of("managementPort", ANY_PORT);
    return new ClusterSettings(
        Map.of("managementPort", ANY_PORT, "port", ANY_PORT, "partitions", PARTITIONS), free);
  }

  /**
   * Gives each process the flags it knows; {@code managementPort} is the dispatcher's, but any free
   * port (0) is for both.
   *
   * @throws ConfigException naming the flags that neither knows
   */
  public static ClusterSettings of(Map<String, String> flags) {
    List<String> unknown =
        flags.keySet().stream()
            .filter(key -> !DispatcherConfig.KEYS.contains(key))
            .filter(key -> !WorkerConfigReader.KEYS.contains(key))
            .map(key -> key + ": is no setting of dispatcher or worker")
            .toList();
    if (!unknown.isEmpty()) {
      throw new ConfigException(unknown);
    }
    Map<String, String> dispatcher = new HashMap<>(Map.of("partitions", PARTITIONS));
    dispatcher.putAll(flags);
    dispatcher.keySet().retainAll(DispatcherConfig.KEYS);
    Map<String, String> worker = new HashMap<>(flags);
    worker.keySet().retainAll(WorkerConfigReader.KEYS);
    worker.computeIfPresent("managementPort", (key, port) -> port.equals(ANY_PORT) ? port : null);
    return new ClusterSettings(dispatcher, worker);
  }

  public ClusterSettings with(String key, String value) {
    Map<String, String> moreDispatcher = new HashMap<>(dispatcher);
    Map<String, String> moreWorker = new HashMap<>(worker);
    if (DispatcherConfig.KEYS.contains(key)) {
      moreDispatcher.put(key, value);
    }
    if (WorkerConfigReader.KEYS.contains(key)) {
      moreWorker.put(key, value);
    }
    return new ClusterSettings(moreDispatcher, moreWorker);
  }

  public boolean names(String key) {
    return dispatcher.containsKey(key);
  }
}
