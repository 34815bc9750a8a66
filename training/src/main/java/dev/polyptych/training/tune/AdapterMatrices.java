package dev.polyptych.training.tune;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.model.LinearLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The two matrices of each tuned layer, under the names that the transformer's graph uses.
 *
 * @param layers the tuned layers
 */
record AdapterMatrices(List<LinearLayer> layers, int rank) {
  /**
   * Initial values as in PEFT: A is random and B is zero, so the first step starts from the base.
   */
  Map<String, Values> start(long seed) {
    Map<String, Values> start = new LinkedHashMap<>();
    for (LinearLayer layer : layers) {
      int inputs = Math.toIntExact(layer.inputs());
      float[] down = new SeededNormal(seed * 31 + layer.module().hashCode()).numbers(rank * inputs);
      float spread = (float) (1 / Math.sqrt(3.0 * inputs));
      for (int i = 0; i < down.length; i++) {
        down[i] *= spread;
      }
      float[] up = new float[Math.toIntExact(layer.outputs() * rank)];
      start.put(down(layer), new Values(List.of((long) rank, layer.inputs()), down));
      start.put(up(layer), new Values(List.of(layer.outputs(), (long) rank), up));
    }
    return start;
  }

  /** Module to matrices, from values under this record's names. */
  Map<String, AdapterTrainer.MatrixPair> of(Map<String, Values> values) {
    Map<String, AdapterTrainer.MatrixPair> matrices = new LinkedHashMap<>();
    for (LinearLayer layer : layers) {
      matrices.put(
          layer.module(),
          new AdapterTrainer.MatrixPair(
              rank,
              Math.toIntExact(layer.inputs()),
              Math.toIntExact(layer.outputs()),
              values.get(down(layer)).numbers(),
              values.get(up(layer)).numbers()));
    }
    return matrices;
  }

  private static String down(LinearLayer layer) {
    return layer.module() + ".lora_A";
  }

  private static String up(LinearLayer layer) {
    return layer.module() + ".lora_B";
  }
}
