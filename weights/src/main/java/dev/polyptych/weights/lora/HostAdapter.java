package dev.polyptych.weights.lora;

import java.util.List;

/**
 * An adapter in host memory, checked as a whole, in the model's own layers whatever its file's
 * layout was. Immutable; any thread.
 *
 * @param name the file's name without ending
 * @param digest SHA-256 of the file, hexadecimal: equal files are the same adapter
 * @param pairs at most one for each layer
 */
public record HostAdapter(String name, String digest, List<HostPair> pairs) {
  public HostAdapter {
    pairs = List.copyOf(pairs);
  }

  /** Bytes of host memory. */
  public long bytes() {
    return pairs.stream().mapToLong(pair -> pair.down().length() + pair.up().length()).sum();
  }

  /** Number of linear layers that it adds to. */
  public int modules() {
    return pairs.size();
  }

  /** The greatest rank among its pairs. */
  public int rank() {
    return pairs.stream().mapToInt(HostPair::rank).max().orElse(0);
  }

  /** The same adapter under another name. */
  public HostAdapter named(String other) {
    return new HostAdapter(other, digest, pairs);
  }
}
