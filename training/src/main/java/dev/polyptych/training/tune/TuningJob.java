package dev.polyptych.training.tune;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.weights.model.LinearLayer;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a trainer is opened with.
 *
 * @param model folder in diffusers layout
 * @param layers that are given matrices, in the model's order; at least one
 */
public record TuningJob(
    Path model,
    EngineOptions engine,
    TrainingSets.Split sets,
    List<LinearLayer> layers,
    TuningOptions options) {
  public TuningJob {
    layers = List.copyOf(layers);
  }
}
