package dev.polyptych.engine.denoise;

/**
 * Latents became infinite or NaN. Weights, adapter strength and compute type do not fit together.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int step) {
    super(
        "latents are not finite after step "
            + step
            + "; try a smaller adapterScale, or compute in float32 if the weights overflow");
  }
}
