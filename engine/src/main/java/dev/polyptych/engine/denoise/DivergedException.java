package dev.polyptych.engine.denoise;

/** Latents became infinite or NaN: weights, adapter strength or compute type do not go together. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int step) {
    super(
        "latents are not finite after step "
            + step
            + "; try a smaller adapterScale, or compute in float32 if the weights overflow");
  }
}
