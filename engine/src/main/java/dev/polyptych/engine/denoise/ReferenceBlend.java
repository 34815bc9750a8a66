package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.TokenMask;
import java.util.Optional;

/** Brings references to the device and mixes them with latents. Belongs to the render thread. */
final class ReferenceBlend {
  private final Autoencoder autoencoder;
  private final Graph graph;

  ReferenceBlend(Autoencoder autoencoder, NDManager manager) {
    this.autoencoder = autoencoder;
    this.graph = Graph.load("reference", manager);
  }

  /**
   * A reference on the device; latents are (1, tokens, channels), float32.
   *
   * @param clean the sheet's latents
   * @param noise that the run started with: the same at every level, as in diffusers
   * @param kept (1, tokens, 1), float32, 1 where the reference is kept; empty where nothing is
   */
  record Anchor(ReferenceSheet sheet, NDArray clean, NDArray noise, Optional<NDArray> kept) {}

  /** Encodes the reference; arrays are attached to {@code manager}. */
  Anchor anchor(ReferenceSheet sheet, PackedLatents noise, NDManager manager) {
    Shape shape = new Shape(1, noise.tokens(), noise.channels());
    try (NDArray picture = SheetPicture.of(sheet.pixels(), manager)) {
      NDArray clean = autoencoder.encode(picture, manager);
      return new Anchor(
          sheet, clean, manager.create(noise.values(), shape), kept(sheet.kept(), manager));
    }
  }

  /** The reference at a noise level, attached to {@code manager}. */
  NDArray noised(Anchor anchor, double sigma, NDManager manager) {
    try (Graph.Call call = graph.call("noised")) {
      return call.with(anchor.clean()).with(anchor.noise()).with(sigma).tensor(manager);
    }
  }

  /** Latents with the kept tokens of the reference at a noise level; takes over {@code latents}. */
  NDArray restored(NDArray latents, Anchor anchor, double sigma, NDManager manager) {
    if (anchor.kept().isEmpty()) {
      return latents;
    }
    try (NDArray drawn = latents;
        Graph.Call call = graph.call("restored")) {
      return call.with(drawn)
          .with(anchor.clean())
          .with(anchor.noise())
          .with(anchor.kept().get())
          .with(sigma)
          .tensor(manager);
    }
  }

  private static Optional<NDArray> kept(TokenMask mask, NDManager manager) {
    if (!mask.keepsAny()) {
      return Optional.empty();
    }
    float[] flags = new float[mask.kept().length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = mask.kept()[i] ? 1 : 0;
    }
    return Optional.of(manager.create(flags, new Shape(1, flags.length, 1)));
  }
}
