package dev.polyptych.engine.tiny;

import dev.polyptych.engine.blueprint.ClipVocabulary;
import dev.polyptych.engine.blueprint.ModelBlueprint;
import dev.polyptych.engine.blueprint.T5Vocabulary;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.SchedulerConfig;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.nio.file.Path;
import java.util.List;

/** Sizes and vocabularies of the tiny model. The vocabularies are small but accept any text. */
final class TinyBlueprint {
  /** Width of all text states. */
  private static final int WIDTH = 64;

  private static final int CLIP_LENGTH = 77;

  /** The same T5 length as in FLUX.1, so sequences have the same structure. */
  private static final int T5_LENGTH = 512;

  private static final List<String> MERGES =
      List.of("t h", "i n", "a n", "th e</w>", "an d</w>", "in g</w>");
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-[]<>";
  private static final List<String> WORDS =
      List.of(
          "a", "the", "and", "of", "in", "with", "panel", "image", "scene", "on", "is", "to",
          "four", "two", "SCENE", "LEFT", "RIGHT");

  private TinyBlueprint() {}

  static ModelBlueprint of(Path path, TinyModel.Size size) {
    ClipVocabulary clip = ClipVocabulary.ofMerges(MERGES);
    T5Vocabulary t5 = T5Vocabulary.exact(LETTERS, WORDS);
    ModelFolder folder =
        new ModelFolder(
            path,
            transformer(size),
            clip(clip),
            t5(t5.pieces().size()),
            autoencoder(),
            new SchedulerConfig(true, 3.0, 0.5, 1.15, 256, 4096));
    return new ModelBlueprint(folder, clip, t5, T5_LENGTH);
  }

  private static TransformerConfig transformer(TinyModel.Size size) {
    // As in FLUX.1, the axis that is always 0 gets an eighth; row and column share the rest.
    int eighth = size.headWidth() / 8;
    int axis = (size.headWidth() - eighth) / 2;
    return new TransformerConfig(
        size.inputs(),
        64,
        size.doubleBlocks(),
        size.singleBlocks(),
        size.heads(),
        size.headWidth(),
        WIDTH,
        WIDTH,
        true,
        List.of(eighth, axis, axis));
  }

  private static ClipConfig clip(ClipVocabulary vocabulary) {
    return new ClipConfig(
        vocabulary.pieces().size(),
        WIDTH,
        2 * WIDTH,
        2,
        2,
        CLIP_LENGTH,
        "quick_gelu",
        1e-5,
        vocabulary.endToken());
  }

  private static T5Config t5(int pieces) {
    return new T5Config(pieces, WIDTH, 32, 2 * WIDTH, 2, 2, 32, 128, 1e-6, "gelu", true);
  }

  private static AutoencoderConfig autoencoder() {
    return new AutoencoderConfig(
        16, List.of(16, 16, 32, 32), 1, 8, 0.3611, 0.1159, true, false, false);
  }
}
