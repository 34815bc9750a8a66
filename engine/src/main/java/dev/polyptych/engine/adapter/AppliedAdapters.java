package dev.polyptych.engine.adapter;

import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import java.util.List;

/**
 * What a run draws with: adapters in their order, each at its scale. Belongs to the render thread.
 * Close it only when no run draws with it, and before its adapters.
 *
 * @param adapters what a receipt tells; empty: the base alone
 * @param weights what the transformer draws with
 * @param free frees the tensors that were made for it, not those of its adapters and of the base
 */
public record AppliedAdapters(List<Applied> adapters, Weights weights, Runnable free)
    implements AutoCloseable {
  public AppliedAdapters {
    adapters = List.copyOf(adapters);
  }

  /**
   * One of the adapters.
   *
   * @param name the file's name without ending
   * @param digest SHA-256 of its file, hexadecimal
   * @param scale 0 draws like the base, 1 as trained
   */
  public record Applied(String name, String digest, Way way, double scale) {
    public Applied {
      if (!Double.isFinite(scale)) {
        throw new IllegalArgumentException(
            "scale of adapter %s must be finite, was %s".formatted(name, scale));
      }
    }
  }

  @Override
  public void close() {
    free.run();
  }
}
