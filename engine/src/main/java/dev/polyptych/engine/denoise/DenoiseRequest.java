package dev.polyptych.engine.denoise;

import dev.polyptych.engine.sheet.ReferenceSheet;
import java.util.Objects;
import java.util.Optional;

/**
 * One sheet to draw.
 *
 * @param width in pixels, a multiple of the model's token edge (16)
 * @param height likewise
 * @param guidance scale that a guided model was distilled with (3.5 by default; ignored by others)
 * @param seed of the noise; the same seed and size give the same noise everywhere
 * @param adapterScale strength of the adapter in use, 1 as trained
 * @param reference what the sheet is drawn from, of the sheet's size; empty: from text alone
 * @param cache which steps may reuse what others computed; empty: none, the model's own picture
 */
public record DenoiseRequest(
    String prompt,
    int width,
    int height,
    int steps,
    double guidance,
    long seed,
    double adapterScale,
    Optional<ReferenceSheet> reference,
    Optional<StepCache> cache) {
  public DenoiseRequest {
    Objects.requireNonNull(prompt, "prompt");
    check(
        width > 0 && height > 0, "width and height must be positive, were " + width + "x" + height);
    check(steps > 0, "steps must be positive, was " + steps);
    check(
        Double.isFinite(guidance) && guidance >= 0,
        "guidance must be finite and not negative, was " + guidance);
    check(Double.isFinite(adapterScale), "adapterScale must be finite, was " + adapterScale);
    reference.ifPresent(sheet -> checkSize(width, height, sheet));
  }

  /** A sheet to draw from text alone. */
  public DenoiseRequest(
      String prompt,
      int width,
      int height,
      int steps,
      double guidance,
      long seed,
      double adapterScale) {
    this(
        prompt,
        width,
        height,
        steps,
        guidance,
        seed,
        adapterScale,
        Optional.empty(),
        Optional.empty());
  }

  /** The same sheet, drawn from a reference. */
  public DenoiseRequest from(ReferenceSheet sheet) {
    return new DenoiseRequest(
        prompt, width, height, steps, guidance, seed, adapterScale, Optional.of(sheet), cache);
  }

  /** The same sheet, drawn with a step cache. */
  public DenoiseRequest with(StepCache stepCache) {
    return new DenoiseRequest(
        prompt,
        width,
        height,
        steps,
        guidance,
        seed,
        adapterScale,
        reference,
        Optional.of(stepCache));
  }

  private static void checkSize(int width, int height, ReferenceSheet sheet) {
    check(
        sheet.pixels().width() == width && sheet.pixels().height() == height,
        "reference must be of the sheet's size, %dx%d, was %dx%d"
            .formatted(width, height, sheet.pixels().width(), sheet.pixels().height()));
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
