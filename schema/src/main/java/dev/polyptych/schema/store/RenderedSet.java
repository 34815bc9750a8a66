package dev.polyptych.schema.store;

import java.util.List;

/**
 * The encoded images of a finished job.
 *
 * @param panels in reading order
 */
public record RenderedSet(byte[] sheet, List<byte[]> panels) {
  public RenderedSet {
    panels = List.copyOf(panels);
  }
}
