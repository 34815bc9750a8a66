package dev.polyptych.weights.safetensors;

import java.util.List;

/**
 * One tensor of a file, as its header describes it.
 *
 * @param name unique in the file
 * @param type of its values when they are read
 * @param shape row-major; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end the byte after the last one, counted from the end of the header
 */
public record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  /** Length in bytes. */
  public long length() {
    return end - begin;
  }
}
