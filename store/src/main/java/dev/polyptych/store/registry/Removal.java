package dev.polyptych.store.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/** Hides a version from new jobs. */
record Removal(@JsonProperty("v") int version, Instant removedAt) {}
