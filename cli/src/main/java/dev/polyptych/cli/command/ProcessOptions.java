package dev.polyptych.cli.command;

import dev.polyptych.schema.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sources of a process's settings. A flag overrides the environment, which overrides the file. */
final class ProcessOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as YAML. Each may also be an environment variable, POLYPTYCH_<KEY>.")
  private Optional<Path> file = Optional.empty();

  @Mixin private Flags settings = new Flags();

  /** File, this process's environment and the flags. */
  Settings.Sources sources() {
    return new Settings.Sources(file, System.getenv(), settings.flags());
  }

  /** Settings of a process on the command line. */
  static final class Flags {
    @Option(
        names = "--bootstrap-servers",
        paramLabel = "HOST:PORT,…",
        description = "The Kafka brokers.")
    private Optional<String> bootstrapServers = Optional.empty();

    @Option(
        names = "--redis",
        paramLabel = "URI",
        description = "Address of Redis, redis://host:port.")
    private Optional<String> redis = Optional.empty();

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "Any other setting, for example --set managementPort=9000. May be repeated.")
    private Map<String, String> settings = Map.of();

    /** A new map, which the caller may change. */
    Map<String, String> flags() {
      Map<String, String> flags = new LinkedHashMap<>(settings);
      bootstrapServers.ifPresent(servers -> flags.put("bootstrapServers", servers));
      redis.ifPresent(uri -> flags.put("redis", uri));
      return flags;
    }
  }
}
