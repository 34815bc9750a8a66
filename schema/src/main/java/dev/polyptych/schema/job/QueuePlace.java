package dev.polyptych.schema.job;

/** Where a job's record stands on its lane. */
public record QueuePlace(int partition, long offset) {}
