package dev.polyptych.worker.denoise;

import java.util.Objects;

/**
 * One sheet to draw.
 *
 * @param width in pixels, a multiple of the model's token edge (16)
 * @param height likewise
 * @param guidance scale that a guided model was distilled with (3.5 by default; ignored by others)
 * @param seed of the noise; the same seed and size give the same noise everywhere
 * @param adapterScale strength of the adapter in use, 1 as trained
 */
public record DenoiseRequest(
    String prompt,
    int width,
    int height,
    int steps,
    double guidance,
    long seed,
    double adapterScale) {
  public DenoiseRequest {
    Objects.requireNonNull(prompt, "prompt");
    check(
        width > 0 && height > 0, "width and height must be positive, were " + width + "x" + height);
    check(steps > 0, "steps must be positive, was " + steps);
    check(
        Double.isFinite(guidance) && guidance >= 0,
        "guidance must be finite and not negative, was " + guidance);
    check(Double.isFinite(adapterScale), "adapterScale must be finite, was " + adapterScale);
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
