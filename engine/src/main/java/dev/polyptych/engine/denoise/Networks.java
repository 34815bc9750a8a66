package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.text.PromptCache;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.weights.model.ModelFolder;

/** The networks of one model folder, and the helpers that work on their latents. */
record Networks(
    PromptCache prompts,
    FluxTransformer transformer,
    Autoencoder autoencoder,
    ReferenceBlend references,
    PreviewMap previews) {
  /** Loads all of them. Closing {@code manager} frees them. */
  static Networks load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    TextEncoders text = TextEncoders.load(folder, loader, manager);
    FluxTransformer transformer = FluxTransformer.load(folder, loader, manager);
    Autoencoder autoencoder = Autoencoder.load(folder, loader, manager);
    return new Networks(
        new PromptCache(text, manager),
        transformer,
        autoencoder,
        new ReferenceBlend(autoencoder, folder.tokenEdge(), manager),
        PreviewMap.of(folder, autoencoder, manager));
  }
}
