package dev.polyptych.training.tune;

import dev.polyptych.weights.model.LinearLayer;
import java.util.List;
import java.util.regex.Pattern;

/** Picks the linear layers that an adapter adds to. */
public final class LayerChoice {
  /**
   * Every linear layer inside the blocks, attention, MLPs and modulation, none outside: what the
   * published IC-LoRAs have (494 of FLUX.1-dev's layers).
   */
  public static final String BLOCKS = "transformer_blocks\\.";

  private LayerChoice() {}

  /**
   * @param pattern found anywhere in a layer's name
   * @throws TuningException if no layer's name holds it
   */
  public static List<LinearLayer> of(List<LinearLayer> layers, Pattern pattern) {
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
