package dev.polyptych.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Settings of a process on the command line. */
final class SettingOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "The Kafka brokers.")
  private Optional<String> bootstrapServers = Optional.empty();

  @Option(names = "--redis", paramLabel = "URI", description = "redis://host:port")
  private Optional<String> redis = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any other setting, for example --set managementPort=9000; may be repeated.")
  private Map<String, String> settings = Map.of();

  /** A map of the caller's own. */
  Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(settings);
    bootstrapServers.ifPresent(servers -> flags.put("bootstrapServers", servers));
    redis.ifPresent(uri -> flags.put("redis", uri));
    return flags;
  }
}
