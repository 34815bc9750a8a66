package dev.polyptych.schema.error;

/** Every failure that leaves a process, as the value of {@code code} in problem documents, job records and dead letters. */
public enum ErrorCode {}
