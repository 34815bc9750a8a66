package dev.polyptych.weights.lora;

import java.util.List;

/**
 * A LoRA in host memory, checked as a whole. Its pairs name the model's own layers, whatever layout
 * the file had. Immutable. Any thread may use it.
 *
 * @param name the file's name without its ending
 * @param digest SHA-256 of the file, hexadecimal; equal files are the same adapter
 * @param pairs at most one for each layer
 */
public record HostAdapter(String name, String digest, List<HostPair> pairs) {
  public HostAdapter {
    pairs = List.copyOf(pairs);
  }

  /** Bytes of host memory that its matrices take. */
  public long bytes() {
    return pairs.stream().mapToLong(pair -> pair.down().length() + pair.up().length()).sum();
  }

  /** Number of linear layers that it changes. */
  public int modules() {
    return pairs.size();
  }

  /** The greatest rank among its pairs; 0 without pairs. */
  public int rank() {
    return pairs.stream().mapToInt(HostPair::rank).max().orElse(0);
  }

  /** The same adapter under another name. */
  public HostAdapter named(String other) {
    return new HostAdapter(other, digest, pairs);
  }
}
