package dev.polyptych.weights.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and shapes of all the tensors that a network needs, as its configuration determines them.
 */
public final class TensorShapes {
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  /** A tensor of any shape. */
  public TensorShapes tensor(String name, long... shape) {
    shapes.put(name, Arrays.stream(shape).boxed().toList());
    return this;
  }

  /** A linear layer with bias. */
  public TensorShapes linear(String module, long inputs, long outputs) {
    return tensor(module + ".weight", outputs, inputs).tensor(module + ".bias", outputs);
  }

  /** A norm with weight and bias. */
  public TensorShapes norm(String module, long width) {
    return tensor(module + ".weight", width).tensor(module + ".bias", width);
  }

  /** A square convolution with bias. */
  public TensorShapes convolution(String module, long inputs, long outputs, long kernel) {
    return tensor(module + ".weight", outputs, inputs, kernel, kernel)
        .tensor(module + ".bias", outputs);
  }

  /** Values of all tensors together. */
  public long parameters() {
    return shapes.values().stream()
        .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  /** Name to shape, in the order of the network. */
  public Map<String, List<Long>> byName() {
    return shapes;
  }
}
