package dev.polyptych.weights.lora;

/**
 * What an adapter changes of a norm's weight.
 *
 * @param module the norm's name in the model folder, without {@code .weight}
 * @param values one row
 * @param whole whether they take the weight's place; otherwise they are added to it
 */
public record HostNorm(String module, Matrix values, boolean whole) {
  boolean idle() {
    return !whole && values.zero();
  }
}
