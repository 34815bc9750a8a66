package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.source.SourceRules;
import dev.polyptych.dispatcher.tenant.Tenants;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of one dispatcher.
 *
 * @param bindHost address that both servers listen on
 * @param port of the API; 0 for any free one
 * @param managementPort of health and metrics; 0 for any free one
 * @param bootstrapServers Kafka brokers, {@code host:port,host:port}
 * @param assignor the broker's assignor of the inbox's partitions
 * @param kafkaSecurity the key {@code kafkaProperties} names its file
 * @param redis may hold a password, so it is never printed
 * @param bodyLimitBytes the largest request body that is read
 * @param partitions of each lane if this dispatcher creates the topics
 * @param retention the keys {@code resultHours}, {@code recordHours} and {@code tombstoneHours}
 * @param objects the object store, if there is one
 * @param resultsInObjects whether references go there; else to Redis
 * @param signedLinks whether images in the object store are handed out as links
 * @param concurrentCalls how many blocking calls of each kind (submissions, reads) may wait for
 *     broker or store at once; further calls are refused
 * @param sweepAfter age at which a job that was accepted but never queued is produced again
 * @param laneJobs how many jobs that have not ended a lane may hold; further jobs are refused
 * @param tenants the key {@code tenants} names their file; without a file every caller is allowed,
 *     which needs {@code openMode: true} unless {@code bindHost} is loopback
 * @param sources what adapters may be fetched from: the keys {@code adapterMegabytes}, {@code
 *     sourceHosts}, {@code sourceBuckets}, {@code sourceFolders}, {@code hub}, {@code hubToken}
 * @param callbacks the keys {@code callbackSecret}, {@code callbackAllow} and {@code
 *     callbackRetryHours}
 */
public record DispatcherConfig(
    String bindHost,
    int port,
    int managementPort,
    String bootstrapServers,
    String assignor,
    KafkaSecurity kafkaSecurity,
    URI redis,
    Catalog catalog,
    int bodyLimitBytes,
    int partitions,
    Retention retention,
    Optional<ObjectSettings> objects,
    boolean resultsInObjects,
    boolean signedLinks,
    int concurrentCalls,
    Duration sweepAfter,
    int laneJobs,
    Tenants tenants,
    SourceRules sources,
    CallbackSettings callbacks) {

  /**
   * Reads the dispatcher's settings from the table of settings.
   *
   * @throws dev.polyptych.schema.config.ConfigException listing everything that is wrong
   */
  public static DispatcherConfig read(Settings.Sources sources) {
    return Settings.read(sources, Setting.of(Owner.DISPATCHER), DispatcherConfigReader::read);
  }

  /**
   * Checks that both ports are free.
   *
   * @throws IllegalStateException naming the setting, the port and the remedy
   */
  public void checkPorts() {
    Ports.check("port", bindHost, port);
    Ports.check("managementPort", bindHost, managementPort);
  }

  @Override
  public String toString() {
    return "dispatcher on %s:%d (management %d), Kafka %s, Redis %s:%d, catalog %s, %s"
        .formatted(
            bindHost,
            port,
            managementPort,
            bootstrapServers,
            redis.getHost(),
            redis.getPort(),
            catalog.model(),
            tenants);
  }
}
