package dev.polyptych.worker.publish;

import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.weights.digest.ModelDigests;
import java.util.List;

/**
 * What an engine drew a sheet with.
 *
 * @param adapters in the order of the job's
 */
public record Provenance(
    ModelDigests model,
    List<Receipt.AdapterFile> adapters,
    Receipt.EngineUsed engine,
    Receipt.NoiseSchedule schedule,
    TextReading text) {}
