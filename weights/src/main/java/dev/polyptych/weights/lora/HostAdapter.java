package dev.polyptych.weights.lora;

import java.util.List;
import java.util.stream.LongStream;

/**
 * An adapter in host memory, checked as a whole. Its changes name the model's own layers, whatever
 * layout the file had. Immutable. Any thread may use it.
 *
 * @param name the file's name without its ending
 * @param digest SHA-256 of the file, hexadecimal; equal files are the same adapter
 * @param changes at most one for each linear layer
 * @param norms at most one for each norm
 */
public record HostAdapter(
    String name, String digest, List<HostChange> changes, List<HostNorm> norms) {
  public HostAdapter {
    changes = List.copyOf(changes);
    norms = List.copyOf(norms);
  }

  /** Bytes of memory that its tensors take. */
  public long bytes() {
    return LongStream.concat(
            changes.stream().mapToLong(HostChange::bytes),
            norms.stream().mapToLong(norm -> norm.values().length()))
        .sum();
  }

  /** Whether it changes a text encoder. */
  public boolean changesText() {
    return changes.stream().anyMatch(HostChange::ofText);
  }

  /** Number of linear layers and norms that it changes. */
  public int modules() {
    return changes.size() + norms.size();
  }

  /** The greatest rank among its changes. */
  public int rank() {
    return changes.stream().mapToInt(HostChange::rank).max().orElse(1);
  }

  /** The same adapter under another name. */
  public HostAdapter named(String other) {
    return new HostAdapter(other, digest, changes, norms);
  }
}
