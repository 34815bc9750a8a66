package dev.polyptych.cli.audit;

import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.config.Settings;
import java.util.List;

/**
 * Reads what an audit can be told: the settings that it shares with the processes it looks after.
 */
public final class AuditConfig {
  private static final List<String> KEYS =
      List.of(
          "bootstrapServers",
          "kafkaProperties",
          "redis",
          "resultHours",
          "recordHours",
          "tombstoneHours");

  private AuditConfig() {}

  /**
   * Reads them.
   *
   * @throws ConfigException listing everything that is wrong
   */
  public static Audit.Backends read(Settings.Sources sources) {
    return Settings.read(
        sources,
        KEYS,
        settings ->
            new Audit.Backends(
                settings.bootstrapServers(),
                settings.kafkaSecurity(),
                settings.redis(),
                settings.retention()));
  }
}
