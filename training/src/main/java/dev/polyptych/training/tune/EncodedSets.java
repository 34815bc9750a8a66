package dev.polyptych.training.tune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.text.TextEncoders;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.training.CleanPanels;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.model.ModelFolder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The training sets as inputs of the transformer. They are encoded once, so autoencoder and text
 * encoders take no memory during training.
 *
 * @param grid image tokens of every sheet
 * @param training sets to train on
 * @param validation held-out sets
 * @param silence the encoded empty caption
 * @param digest of all captions and pixels, in their order
 */
record EncodedSets(
    Grid grid,
    List<Encoded> training,
    List<Encoded> validation,
    EncodedPrompt silence,
    String digest) {
  /**
   * One set.
   *
   * @param latents packed, (tokens, channels), flattened
   */
  record Encoded(float[] latents, EncodedPrompt caption) {}

  /** Encodes all sets. The text states are attached to {@code manager}. */
  static EncodedSets of(
      TrainingSets.Split sets, ModelFolder folder, TensorLoader loader, NDManager manager) {
    try (NDManager networks = manager.newSubManager()) {
      Encoder encoder =
          new Encoder(
              Autoencoder.load(folder, loader, networks),
              TextEncoders.load(folder, loader, networks),
              manager,
              Sha256.newDigest());
      SheetPixels first = sets.training().getFirst().sheet();
      int edge = folder.tokenEdge();
      return new EncodedSets(
          new Grid(first.height() / edge, first.width() / edge),
          encoder.encode(sets.training()),
          encoder.encode(sets.validation()),
          encoder.texts().encode("", manager),
          HexFormat.of().formatHex(encoder.digest().digest()));
    }
  }

  /** The panels of every sheet. */
  CleanPanels panels(Layout layout) {
    return new CleanPanels(
        layout.rows(),
        layout.columns(),
        grid.rows() / layout.rows(),
        grid.columns() / layout.columns());
  }

  private record Encoder(
      Autoencoder autoencoder, TextEncoders texts, NDManager manager, MessageDigest digest) {
    List<Encoded> encode(List<TrainingSet> sets) {
      List<Encoded> encoded = new ArrayList<>();
      for (TrainingSet set : sets) {
        SheetPixels sheet = set.sheet();
        digest.update((set.caption() + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(sheet.rgb());
        encoded.add(new Encoded(latents(sheet), texts.encode(set.caption(), manager)));
      }
      return encoded;
    }

    private float[] latents(SheetPixels sheet) {
      try (NDManager work = manager.newSubManager();
          NDArray picture = Autoencoder.picture(sheet, work)) {
        return autoencoder.encode(picture, work).toFloatArray();
      }
    }
  }
}
