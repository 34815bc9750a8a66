package dev.polyptych.cli.embedded;

import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.json.DidYouMean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Settings of the two processes in one JVM, as flags of each. */
public record ClusterSettings(Map<String, String> dispatcher, Map<String, String> worker) {
  /** One worker needs few; more would only cost the broker time. */
  private static final String PARTITIONS = "8";

  private static final String ANY_PORT = "0";
  private static final List<String> DISPATCHER = Setting.keys(Owner.DISPATCHER);
  private static final List<String> WORKER = Setting.keys(Owner.WORKER);

  public ClusterSettings {
    dispatcher = Map.copyOf(dispatcher);
    worker = Map.copyOf(worker);
  }

  /** On any free ports. */
  public static ClusterSettings anyPorts() {
    Map<String, String> free = Map.of("managementPort", ANY_PORT);
    return new ClusterSettings(
        Map.of("managementPort", ANY_PORT, "port", ANY_PORT, "partitions", PARTITIONS), free);
  }

  /**
   * Gives each process the flags that it knows. {@code managementPort} is the dispatcher's, except
   * that 0 (any free port) goes to both.
   *
   * @throws ConfigException with the flags that neither process knows
   */
  public static ClusterSettings of(Map<String, String> flags) {
    List<String> unknown =
        flags.keySet().stream()
            .filter(key -> !DISPATCHER.contains(key) && !WORKER.contains(key))
            .map(ClusterSettings::unknown)
            .toList();
    if (!unknown.isEmpty()) {
      throw new ConfigException(unknown);
    }
    Map<String, String> dispatcher = new HashMap<>(Map.of("partitions", PARTITIONS));
    dispatcher.putAll(flags);
    dispatcher.keySet().retainAll(DISPATCHER);
    Map<String, String> worker = new HashMap<>(flags);
    worker.keySet().retainAll(WORKER);
    worker.computeIfPresent("managementPort", (key, port) -> port.equals(ANY_PORT) ? port : null);
    return new ClusterSettings(dispatcher, worker);
  }

  private static String unknown(String key) {
    List<String> known = Stream.concat(DISPATCHER.stream(), WORKER.stream()).distinct().toList();
    String remedy =
        DidYouMean.to(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("polyptych settings lists them");
    return key + ": is no setting of dispatcher or worker; " + remedy;
  }

  public ClusterSettings with(String key, String value) {
    Map<String, String> moreDispatcher = new HashMap<>(dispatcher);
    Map<String, String> moreWorker = new HashMap<>(worker);
    if (DISPATCHER.contains(key)) {
      moreDispatcher.put(key, value);
    }
    if (WORKER.contains(key)) {
      moreWorker.put(key, value);
    }
    return new ClusterSettings(moreDispatcher, moreWorker);
  }

  public boolean names(String key) {
    return dispatcher.containsKey(key);
  }
}
