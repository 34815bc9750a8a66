package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.schema.catalog.ReferenceMethod;
import java.util.Optional;

/**
 * Brings references to the device and blends them with latents (diffusers
 * pipeline_flux_inpaint.py), or lays them beside the latents (pipeline_flux_fill.py). Belongs to
 * the render thread.
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

  /** The latents that a run starts from at a noise level, attached to {@code manager}. */
  NDArray start(Anchor anchor, double sigma, NDManager manager) {
    try (Graph.Call call = graph.call("noised")) {
      call.with(anchor.clean()).with(anchor.noise()).with(sigma);
      return restored(call.tensor(manager), anchor, sigma, manager);
    }
  }

  /**
   * Replaces kept tokens by the reference as the run's method wants it at a noise level. Takes over
   * {@code latents}.
   */
  NDArray restored(NDArray latents, Anchor anchor, double sigma, NDManager manager) {
    ReferenceMethod method = anchor.sheet().method();
    if (anchor.kept().isEmpty() || method == ReferenceMethod.CONDITION) {
      return latents;
    }
    try (NDArray drawn = latents;
        Graph.Call call = graph.call("restored")) {
      return call.with(drawn)
          .with(anchor.clean())
          .with(anchor.noise())
          .with(anchor.kept().get())
          .with(method == ReferenceMethod.CLEAN ? 0 : sigma)
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

  /**
   * What Fill reads beside the latents: the kept panels and a mask of all others. Without kept
   * panels, or where another method keeps them, everything is to be drawn.
   *
   * @return (1, tokens, channels of the latents and of the mask), attached to {@code manager}
   */
  NDArray beside(Optional<ReferenceSheet> sheet, Grid grid, NDManager manager) {
    Optional<ReferenceSheet> shown =
        sheet.filter(told -> told.method() == ReferenceMethod.CONDITION);
    try (NDArray kept =
            shown
                .flatMap(told -> kept(told, manager))
                .orElseGet(() -> manager.zeros(new Shape(1, grid.tokens(), 1)));
        NDArray picture =
            shown
                .map(told -> Autoencoder.picture(told.pixels(), manager))
                .orElseGet(() -> manager.zeros(size(grid)));
        NDArray seen = seen(picture, kept, manager);
        NDArray latents = autoencoder.encode(seen, manager);
        Graph.Call call = graph.call("conditioned")) {
      call.with(latents).with(kept).withNumber((long) tokenEdge * tokenEdge);
      return call.tensor(manager);
    }
  }

  private Shape size(Grid grid) {
    return new Shape(1, 3, (long) grid.rows() * tokenEdge, (long) grid.columns() * tokenEdge);
  }

  private NDArray seen(NDArray picture, NDArray kept, NDManager manager) {
    try (Graph.Call call = graph.call("seen")) {
      return call.with(picture).with(kept).withNumber(tokenEdge).tensor(manager);
    }
  }
}
