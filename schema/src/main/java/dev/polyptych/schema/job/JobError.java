package dev.polyptych.schema.job;

import dev.polyptych.schema.error.ErrorCode;

/** Why a job ended without images. */
public record JobError(ErrorCode code, String detail) {}
