package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.sheet.ReferenceSheet;
import java.util.Optional;

/**
 * Brings references to the device and blends them with latents (diffusers
 * pipeline_flux_inpaint.py). Belongs to the render thread.
 */
final class ReferenceBlend {
  private final Autoencoder autoencoder;
  private final int tokenEdge;
  private final Graph graph;

  /**
   * @param tokenEdge edge of the model's tokens in pixels
   */
  ReferenceBlend(Autoencoder autoencoder, int tokenEdge, NDManager manager) {
    this.autoencoder = autoencoder;
    this.tokenEdge = tokenEdge;
    this.graph = Graph.load("reference", manager);
  }

  /**
   * A reference on the device. Latents are (1, tokens, channels), float32.
   *
   * @param clean latents of the reference sheet
   * @param noise noise that the run started with; used at every level, as in diffusers
   * @param kept (1, tokens, 1), float32: 1 if the reference is kept at this token; empty: keep none
   */
  record Anchor(ReferenceSheet sheet, NDArray clean, NDArray noise, Optional<NDArray> kept) {}

  /** Encodes a reference. Its arrays are attached to {@code manager}. */
  Anchor anchor(ReferenceSheet sheet, PackedLatents noise, NDManager manager) {
    Shape shape = new Shape(1, noise.tokens(), noise.channels());
    try (NDArray picture = Autoencoder.picture(sheet.pixels(), manager)) {
      NDArray clean = autoencoder.encode(picture, manager);
      return new Anchor(sheet, clean, manager.create(noise.values(), shape), kept(sheet, manager));
    }
  }

  /** The reference at a noise level, attached to {@code manager}. */
  NDArray noised(Anchor anchor, double sigma, NDManager manager) {
    try (Graph.Call call = graph.call("noised")) {
      return call.with(anchor.clean()).with(anchor.noise()).with(sigma).tensor(manager);
    }
  }

  /** Replaces kept tokens by the reference at a noise level. Takes over {@code latents}. */
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

  private Optional<NDArray> kept(ReferenceSheet sheet, NDManager manager) {
    if (sheet.kept().isEmpty()) {
      return Optional.empty();
    }
    boolean[] tokens = sheet.keptTokens(tokenEdge);
    float[] flags = new float[tokens.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = tokens[i] ? 1 : 0;
    }
    return Optional.of(manager.create(flags, new Shape(1, flags.length, 1)));
  }
}
