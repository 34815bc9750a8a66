/**
 * The worker's Prometheus metrics, one class for each part of the worker, and the management port.
 * Base units. The catalog or an enum bounds each label; no label is a job.
 */
package dev.polyptych.worker.metrics;
