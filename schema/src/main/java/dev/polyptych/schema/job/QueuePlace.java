package dev.polyptych.schema.job;

/** The position of a job's record on Kafka. */
public record QueuePlace(String topic, int partition, long offset) {}
