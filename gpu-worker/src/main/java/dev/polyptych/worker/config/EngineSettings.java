package dev.polyptych.worker.config;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.schema.catalog.Catalog;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model and how it computes.
 *
 * @param model the model's folder; its adapters are in {@code adapters} below it
 * @param catalog of the tasks that the model draws
 * @param weightType how the weights of transformer and T5 lie in memory
 * @param intraOpThreads CPU threads of one operation; 0: the engine's choice
 * @param stepCache which steps may reuse what others computed; empty, the default: none. Faster,
 *     but the pictures are not the model's own
 */
public record EngineSettings(
    Path model,
    Catalog catalog,
    ComputeChoice computeType,
    WeightType weightType,
    int intraOpThreads,
    Optional<StepCache> stepCache,
    AdapterSettings adapters) {

  /** With weights in the type that the model computes in where they fit. */
  public EngineSettings(
      Path model,
      Catalog catalog,
      ComputeChoice computeType,
      int intraOpThreads,
      Optional<StepCache> stepCache,
      AdapterSettings adapters) {
    this(model, catalog, computeType, WeightType.AUTO, intraOpThreads, stepCache, adapters);
  }

  /** The number type that the model computes in. */
  public enum ComputeChoice {
    /** What the device multiplies natively. */
    AUTO,
    FLOAT32,
    BFLOAT16
  }
}
