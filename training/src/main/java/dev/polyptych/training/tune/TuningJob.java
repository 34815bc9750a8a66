package dev.polyptych.training.tune;

import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.LinearLayer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The inputs of a trainer.
 *
 * @param model model folder in diffusers layout
 * @param engine how to use the machine
 * @param sets captioned sets, split into training and validation
 * @param layout of every sheet
 * @param layers layers to tune, in the model's order; at least one
 * @param options hyperparameters
 */
public record TuningJob(
    Path model,
    EngineOptions engine,
    TrainingSets.Split sets,
    Layout layout,
    List<LinearLayer> layers,
    TuningOptions options) {
  /**
   * Matches every linear layer inside the blocks (attention, MLPs and modulation) and none outside.
   * The published IC-LoRAs have these: 494 of FLUX.1-dev's layers.
   */
  public static final String BLOCKS = "transformer_blocks\\.";

  public TuningJob {
    layers = List.copyOf(layers);
  }

  /**
   * Picks the layers for a job.
   *
   * @param layers all linear layers of the model
   * @param pattern searched for in the name of each layer
   * @throws TuningException if no name contains the pattern
   */
  public static List<LinearLayer> choose(List<LinearLayer> layers, Pattern pattern) {
    List<LinearLayer> chosen =
        layers.stream().filter(layer -> pattern.matcher(layer.module()).find()).toList();
    if (chosen.isEmpty()) {
      throw new TuningException(
          "no linear layer of the model has "
              + pattern
              + " in its name; names are like "
              + layers.getLast().module());
    }
    return chosen;
  }
}
