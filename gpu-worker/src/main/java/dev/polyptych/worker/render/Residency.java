package dev.polyptych.worker.render;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where adapters lie.
 *
 * @param device in the memory of the device; of these the warm one, too
 * @param host in the memory of the process
 */
public record Residency(List<String> device, List<String> host) {
  static final Residency NONE = new Residency(List.of(), List.of());

  public Residency {
    device = List.copyOf(device);
    host = List.copyOf(host);
  }

  /** All that need not be read from a file, each once. */
  public List<String> all() {
    return Stream.concat(device.stream(), host.stream()).distinct().sorted().toList();
  }
}
