package dev.polyptych.worker.receipt;

import dev.polyptych.schema.job.Receipt;
import dev.polyptych.weights.model.ModelDigests;

/** What an engine knows of how it drew a sheet. */
public record Provenance(
    ModelDigests model,
    Receipt.AdapterFile adapter,
    Receipt.EngineUsed engine,
    Receipt.NoiseSchedule schedule) {}
