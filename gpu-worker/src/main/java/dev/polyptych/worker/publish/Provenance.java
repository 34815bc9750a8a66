package dev.polyptych.worker.publish;

import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.weights.digest.ModelDigests;

/** What an engine drew a sheet with. */
public record Provenance(
    ModelDigests model,
    Receipt.AdapterFile adapter,
    Receipt.EngineUsed engine,
    Receipt.NoiseSchedule schedule,
    TextReading text) {}
