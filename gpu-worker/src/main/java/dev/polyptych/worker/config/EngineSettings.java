package dev.polyptych.worker.config;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.schema.catalog.Catalog;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model and how it computes.
 *
 * @param model the model's folder; its adapters are in {@code adapters} below it
 * @param catalog of the tasks that the model draws
 * @param intraOpThreads CPU threads of one operation; 0: the engine's choice
 * @param stepCache which steps may reuse what others computed; empty, the default: none. Faster,
 *     but the pictures are not the model's own
 */
public record EngineSettings(
    Path model,
    Catalog catalog,
    ComputeChoice computeType,
    int intraOpThreads,
    Optional<StepCache> stepCache,
    AdapterSettings adapters) {

  /** The number type that the model computes in. */
  public enum ComputeChoice {
    /** What the device multiplies natively. */
    AUTO,
    FLOAT32,
    BFLOAT16
  }
}
