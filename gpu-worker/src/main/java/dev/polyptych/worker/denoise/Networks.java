package dev.polyptych.worker.denoise;

import ai.djl.ndarray.NDManager;
import dev.polyptych.worker.model.Autoencoder;
import dev.polyptych.worker.model.FluxTransformer;
import dev.polyptych.worker.model.ModelFolder;
import dev.polyptych.worker.model.graph.TensorLoader;
import dev.polyptych.worker.model.text.TextEncoders;

/** The networks of one model folder, loaded together, and what mixes references in. */
record Networks(
    TextEncoders text,
    FluxTransformer transformer,
    Autoencoder autoencoder,
    ReferenceBlend references) {
  /** Loads all; whatever is loaded dies with {@code manager}. */
  static Networks load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    TextEncoders text = TextEncoders.load(folder, loader, manager);
    FluxTransformer transformer = FluxTransformer.load(folder, loader, manager);
    Autoencoder autoencoder = Autoencoder.load(folder, loader, manager);
    return new Networks(text, transformer, autoencoder, new ReferenceBlend(autoencoder, manager));
  }
}
