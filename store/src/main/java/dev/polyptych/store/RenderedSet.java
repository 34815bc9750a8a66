package dev.polyptych.store;

import java.util.List;
import java.util.Optional;

/**
 * The encoded images of a finished job.
 *
 * @param panels in reading order
 * @param receipt a {@link dev.polyptych.schema.job.Receipt} as JSON
 */
public record RenderedSet(byte[] sheet, List<byte[]> panels, Optional<byte[]> receipt) {
  public RenderedSet {
    panels = List.copyOf(panels);
  }

  /** Without a receipt. */
  public RenderedSet(byte[] sheet, List<byte[]> panels) {
    this(sheet, panels, Optional.empty());
  }
}
