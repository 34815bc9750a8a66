/**
 * The GPU worker: jobs come from Kafka ({@code intake}), are put in order ({@code schedule}), drawn
 * ({@code render}, {@code sheet}) and stored in Redis ({@code publish}). {@link
 * dev.polyptych.worker.Worker} puts them together.
 */
package dev.polyptych.worker;
