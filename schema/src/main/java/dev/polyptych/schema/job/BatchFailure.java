package dev.polyptych.schema.job;

/**
 * A job of a batch that failed or expired.
 *
 * @param job its id
 */
public record BatchFailure(String job, JobState state, JobError error) {}
