package dev.polyptych.weights.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and shapes of all tensors of one network. Its configuration determines them. Not
 * thread-safe while tensors are added.
 */
public final class TensorShapes {
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  /** Adds a tensor of any shape. */
  public TensorShapes tensor(String name, long... shape) {
    shapes.put(name, Arrays.stream(shape).boxed().toList());
    return this;
  }

  /** Adds a linear layer with bias: weight (outputs, inputs). */
  public TensorShapes linear(String module, long inputs, long outputs) {
    return tensor(module + ".weight", outputs, inputs).tensor(module + ".bias", outputs);
  }

  /** Adds a norm with weight and bias. */
  public TensorShapes norm(String module, long width) {
    return tensor(module + ".weight", width).tensor(module + ".bias", width);
  }

  /** Adds a square convolution with bias: weight (outputs, inputs, kernel, kernel). */
  public TensorShapes convolution(String module, long inputs, long outputs, long kernel) {
    return tensor(module + ".weight", outputs, inputs, kernel, kernel)
        .tensor(module + ".bias", outputs);
  }

  /** Number of values in all tensors together. */
  public long parameters() {
    return shapes.values().stream()
        .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  /** Name to shape, in the order of adding. */
  public Map<String, List<Long>> byName() {
    return shapes;
  }
}
