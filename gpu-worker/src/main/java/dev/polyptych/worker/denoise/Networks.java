package dev.polyptych.worker.denoise;

import ai.djl.ndarray.NDManager;
import dev.polyptych.worker.model.Autoencoder;
import dev.polyptych.worker.model.FluxTransformer;
import dev.polyptych.worker.model.ModelFolder;
import dev.polyptych.worker.model.graph.TensorLoader;
import dev.polyptych.worker.model.text.TextEncoders;

/** The networks of one model folder, loaded together. */
record Networks(TextEncoders text, FluxTransformer transformer, Autoencoder autoencoder) {
  /** Loads all; whatever is loaded dies with {@code manager}. */
  static Networks load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return new Networks(
        TextEncoders.load(folder, loader, manager),
        FluxTransformer.load(folder, loader, manager),
        Autoencoder.load(folder, loader, manager));
  }
}
