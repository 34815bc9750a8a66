package dev.polyptych.nano.blueprint;

import dev.polyptych.engine.blueprint.ClipVocabulary;
import dev.polyptych.engine.blueprint.ModelBlueprint;
import dev.polyptych.engine.blueprint.T5Vocabulary;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Writes the nano model's folder in diffusers layout without weights. The same arguments give the
 * same bytes. Other words give other token ids.
 */
public final class Blueprint {
  /** Markers in the templates of nano's tasks. T5 reads each one as one token. */
  public static final List<String> MARKERS =
      List.of(
          "[MOVIE-SHOTS]",
          "[SANDSTORM-PSA]",
          "[SCENE-1]",
          "[SCENE-2]",
          "[SCENE-3]",
          "[SCENE-4]",
          "[LEFT]",
          "[RIGHT]",
          "[TOP]",
          "[BOTTOM]",
          "[TOP-LEFT]",
          "[TOP-RIGHT]",
          "[BOTTOM-LEFT]",
          "[BOTTOM-RIGHT]");

  /** Tokens of a T5 prompt: enough for four panel texts. */
  public static final int PROMPT_TOKENS = 48;

  /** Tokens of a CLIP prompt. CLIP needs several for a marker. */
  private static final int CLIP_TOKENS = 77;

  private static final int HEAD_WIDTH = 64;
  private static final List<Integer> AXES = List.of(8, 28, 28);
  private static final int T5_WIDTH = 128;
  private static final int CLIP_WIDTH = 64;

  /** Letters for words that are not in the vocabulary. Other letters become bytes. */
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,:;-'\"!?()[]<>/&";

  private Blueprint() {}

  /**
   * Writes configurations and tokenizers and replaces existing ones.
   *
   * @param words each one becomes one token in T5, and in CLIP if it consists of letters; case and
   *     order do not matter
   */
  public static void write(Path folder, NanoSize size, Collection<String> words)
      throws IOException {
    of(folder, size, words).write();
  }

  private static ModelBlueprint of(Path folder, NanoSize size, Collection<String> words) {
    ClipVocabulary clip = ClipVocabulary.ofWords(withMarkers(words));
    T5Vocabulary t5 = T5Vocabulary.folded(LETTERS, withDigits(withMarkers(words)));
    ModelFolder sizes =
        new ModelFolder(
            folder,
            transformer(size),
            clip(clip),
            t5(t5.pieces().size()),
            size.autoencoder(),
            size.scheduler());
    return new ModelBlueprint(sizes, clip, t5, PROMPT_TOKENS);
  }

  private static List<String> withMarkers(Collection<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(MARKERS);
    return all;
  }

  /** Makes a single digit one token instead of two. */
  private static List<String> withDigits(List<String> words) {
    for (int digit = 0; digit < 10; digit++) {
      words.add(Integer.toString(digit));
    }
    return words;
  }

  private static TransformerConfig transformer(NanoSize size) {
    return new TransformerConfig(
        4 * size.autoencoder().latentChannels(),
        size.doubleBlocks(),
        size.singleBlocks(),
        size.heads(),
        HEAD_WIDTH,
        T5_WIDTH,
        CLIP_WIDTH,
        false,
        AXES);
  }

  private static ClipConfig clip(ClipVocabulary vocabulary) {
    return new ClipConfig(
        vocabulary.pieces().size(),
        CLIP_WIDTH,
        2 * CLIP_WIDTH,
        2,
        2,
        CLIP_TOKENS,
        "quick_gelu",
        1e-5,
        vocabulary.endToken());
  }

  private static T5Config t5(int pieces) {
    return new T5Config(pieces, T5_WIDTH, 32, 2 * T5_WIDTH, 2, 4, 32, 128, 1e-6, "gelu", true);
  }
}
