package dev.polyptych.worker.config;

import java.time.Duration;

/**
 * When a worker gives up.
 *
 * @param undrawable how long a job that it can't draw waits for a live worker that can
 * @param stuck how long a device phase may take at least
 * @param storeLoss after so long without an answer of Redis it gives its partitions back
 */
public record HealthSettings(Duration undrawable, Duration stuck, Duration storeLoss) {}
