package dev.polyptych.engine.denoise;

import dev.polyptych.engine.sheet.ReferenceSheet;
import java.util.Objects;
import java.util.Optional;

/**
 * A request for one sheet.
 *
 * @param width in pixels, a multiple of {@link FluxPipeline#tokenEdge} (16 in FLUX.1)
 * @param height in pixels, a multiple of the same edge
 * @param steps denoising steps of the full schedule, at least 1
 * @param guidance guidance scale; guided models were distilled with it, others ignore it
 * @param seed seed of the noise; equal seeds and sizes give equal noise on every machine
 * @param reference picture to start from, of the sheet's size; empty: text alone
 * @param cache which steps may reuse results of earlier steps; empty: none, the exact picture
 */
public record DenoiseRequest(
    String prompt,
    int width,
    int height,
    int steps,
    double guidance,
    long seed,
    Optional<ReferenceSheet> reference,
    Optional<StepCache> cache) {
  /**
   * @throws IllegalArgumentException naming the field that is out of range
   */
  public DenoiseRequest {
    Objects.requireNonNull(prompt, "prompt");
    check(
        width > 0 && height > 0, "width and height must be positive, were " + width + "x" + height);
    check(steps > 0, "steps must be positive, was " + steps);
    check(
        Double.isFinite(guidance) && guidance >= 0,
        "guidance must be finite and not negative, was " + guidance);
    reference.ifPresent(sheet -> checkSize(width, height, sheet));
  }

  /** A request without reference and cache. */
  public DenoiseRequest(
      String prompt, int width, int height, int steps, double guidance, long seed) {
    this(prompt, width, height, steps, guidance, seed, Optional.empty(), Optional.empty());
  }

  /** The same request with a reference. */
  public DenoiseRequest from(ReferenceSheet sheet) {
    return new DenoiseRequest(
        prompt, width, height, steps, guidance, seed, Optional.of(sheet), cache);
  }

  /** The same request with a step cache. */
  public DenoiseRequest with(StepCache stepCache) {
    return new DenoiseRequest(
        prompt, width, height, steps, guidance, seed, reference, Optional.of(stepCache));
  }

  private static void checkSize(int width, int height, ReferenceSheet sheet) {
    check(
        sheet.pixels().width() == width && sheet.pixels().height() == height,
        "reference must have the sheet's size, %dx%d, was %dx%d"
            .formatted(width, height, sheet.pixels().width(), sheet.pixels().height()));
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
