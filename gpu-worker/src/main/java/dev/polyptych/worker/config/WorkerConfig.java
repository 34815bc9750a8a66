package dev.polyptych.worker.config;

import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of one worker.
 *
 * @param workerId unique among live workers; by default the host's name and the process's id
 * @param retention of what it publishes: the keys {@code resultHours} and {@code recordHours}
 * @param objects the object store, if there is one
 * @param resultsInObjects whether images go there; else to Redis
 * @param bindHost address that the management port listens on
 * @param managementPort HTTP port of health and metrics; 0: any free one
 * @param checkpointEvery the key {@code checkpointSeconds}: the work that a job loses at most when
 *     its worker dies; zero: a checkpoint after every step
 * @param health when the worker counts as unable, stuck or cut off
 */
public record WorkerConfig(
    String workerId,
    Connections connections,
    EngineSettings engine,
    QueueSettings queue,
    Retention retention,
    Optional<ObjectSettings> objects,
    boolean resultsInObjects,
    String bindHost,
    int managementPort,
    Duration checkpointEvery,
    HealthSettings health) {}
