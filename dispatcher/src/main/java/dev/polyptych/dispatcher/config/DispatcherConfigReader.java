package dev.polyptych.dispatcher.config;

import dev.polyptych.schema.config.Settings;
import java.time.Duration;

/** Gives each setting its default and checks it. */
final class DispatcherConfigReader {
  /**
   * A record on Kafka holds the request; the broker takes 1 MiB by default, headers and all, so
   * that a body which is admitted can also be enqueued.
   */
  private static final int MAX_BODY_BYTES = 768 * 1024;

  private DispatcherConfigReader() {}

  static DispatcherConfig read(Settings settings) {
    String host = settings.text("bindHost", "127.0.0.1");
    return new DispatcherConfig(
        host,
        settings.integer("port", 0, 65_535, 8080),
        settings.integer("managementPort", 0, 65_535, 8081),
        settings.bootstrapServers(),
        settings.kafkaSecurity(),
        settings.redis(),
        settings.catalog(),
        settings.integer("bodyLimitBytes", 1024, MAX_BODY_BYTES, 256 * 1024),
        settings.integer("partitions", 1, 10_000, 32),
        settings.retention(),
        settings.integer("concurrentCalls", 1, 10_000, 256),
        Duration.ofSeconds(settings.integer("sweepAfterSeconds", 15, 3600, 30)),
        settings.integer("laneJobs", 1, 100_000_000, 100_000),
        AccessReader.read(settings, host),
        CallbackSettingsReader.read(settings));
  }
}
