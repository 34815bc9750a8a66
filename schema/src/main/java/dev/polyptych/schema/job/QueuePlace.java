package dev.polyptych.schema.job;

/** The position of a job's record on its lane. */
public record QueuePlace(int partition, long offset) {}
