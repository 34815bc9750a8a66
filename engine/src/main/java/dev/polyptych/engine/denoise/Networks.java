package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.Float8Products;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.Loading;
import dev.polyptych.engine.plan.Decoding;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.text.PromptCache;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.weights.model.ModelFolder;
import java.util.Optional;

/** The networks of one model folder, and the helpers that work on their latents. */
record Networks(
    PromptCache prompts,
    FluxTransformer transformer,
    Autoencoder autoencoder,
    Decoding decoding,
    ReferenceBlend references,
    PreviewMap previews) {
  /** Loads all of them as planned. Closing {@code manager} frees them. */
  static Networks load(
      Loading loading, MemoryPlan plan, Float8Products products, NDManager manager) {
    ModelFolder folder = loading.folder();
    boolean float8 = plan.weights() == WeightType.FLOAT8;
    TextEncoders text = TextEncoders.load(loading, float8, plan.text(), manager);
    FluxTransformer transformer =
        FluxTransformer.load(
            loading,
            float8 ? Optional.of(products) : Optional.empty(),
            plan.modulationMoved(),
            manager);
    Autoencoder autoencoder = Autoencoder.load(loading, manager);
    return new Networks(
        new PromptCache(text, manager),
        transformer,
        autoencoder,
        plan.decoding(),
        new ReferenceBlend(autoencoder, folder.tokenEdge(), manager),
        PreviewMap.of(folder, autoencoder, manager));
  }

  /** A picture of packed latents, as planned. */
  NDArray picture(NDArray latents, Grid grid, NDManager manager) {
    return switch (decoding) {
      case WHOLE -> autoencoder.decode(latents, grid, manager);
      case STRIPS -> autoencoder.decodeInStrips(latents, grid, Decoding.ROWS, manager);
    };
  }
}
