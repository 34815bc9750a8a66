/**
 * What the worker tells Prometheus, a class for each part of it, and the management port. Base
 * units; labels are bounded by the catalog or by an enum, never a job.
 */
package dev.polyptych.worker.metrics;
