package dev.polyptych.worker.config;

/**
 * Everything a worker can be told.
 *
 * @param workerId unique among live workers; by default the host's name and the process's id
 * @param managementPort HTTP port of health and metrics; 0: any free one
 */
public record WorkerConfig(
    String workerId,
    Connections connections,
    EngineSettings engine,
    QueueSettings queue,
    int managementPort) {}
