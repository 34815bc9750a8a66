package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an adapter changes of one linear layer: W x + b.
 *
 * @param delta is added to W
 * @param magnitude what W is scaled to after that
 * @param biases are added to b
 */
public record HostChange(
    LinearLayer layer, Optional<Delta> delta, Optional<Magnitude> magnitude, List<Bias> biases) {
  public HostChange {
    biases = List.copyOf(biases);
  }

  /** A change of the weight alone. */
  public HostChange(LinearLayer layer, Delta delta) {
    this(layer, Optional.of(delta), Optional.empty(), List.of());
  }

  /**
   * DoRA: W + delta, each row or column of it scaled to a length of its own (Liu et al. 2024, arXiv
   * 2402.09353, equation 5; peft tuners/lora/dora.py scales rows).
   *
   * @param lengths one row
   * @param ofColumns whether columns are scaled (LyCORIS with {@code wd_on_out} off)
   */
  public record Magnitude(Matrix lengths, boolean ofColumns) {}

  /**
   * {@code factor * values}.
   *
   * @param values one row
   */
  public record Bias(Matrix values, double factor) {
    boolean idle() {
      return factor == 0 || values.zero();
    }
  }

  /** Whether it changes a text encoder, not the transformer. */
  public boolean ofText() {
    return ofText(layer.module());
  }

  /** Whether a module is one of a text encoder. */
  public static boolean ofText(String module) {
    return LayerNames.ofText(module);
  }

  /** Whether it changes nothing. */
  boolean idle() {
    return magnitude.isEmpty()
        && delta.stream().allMatch(Delta::idle)
        && biases.stream().allMatch(Bias::idle);
  }

  int rank() {
    return delta.map(Delta::rank).orElse(1);
  }

  long bytes() {
    return delta.map(Delta::bytes).orElse(0L)
        + Stream.concat(
                magnitude.stream().map(Magnitude::lengths), biases.stream().map(Bias::values))
            .mapToLong(Matrix::length)
            .sum();
  }
}
