package dev.polyptych.tokenizers;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Both tokenizers of a FLUX.1 model. Any thread may use them.
 *
 * @param main T5's
 * @param pooled CLIP's
 */
public record PromptTokenizers(PromptTokenizer main, PromptTokenizer pooled)
    implements AutoCloseable {
  private static final String MAIN = "tokenizer_2";
  private static final String POOLED = "tokenizer";

  /**
   * FLUX.1 was trained with T5 prompts of this length in tokens (diffusers pipeline_flux.py
   * max_sequence_length).
   */
  private static final int MAIN_LENGTH = 512;

  /** Positions of every CLIP text encoder that FLUX.1 models have. */
  private static final int POOLED_LENGTH = 77;

  /** As {@link #open(Path, int)}, with the usual number of positions. */
  public static PromptTokenizers open(Path model) {
    return open(model, POOLED_LENGTH);
  }

  /**
   * Opens those of a model folder in diffusers layout.
   *
   * @param pooledLength positions of its CLIP text encoder
   * @throws TokenizerException if a file is missing or wrong
   */
  public static PromptTokenizers open(Path model, int pooledLength) {
    return both(
        PromptTokenizer.open(model.resolve(MAIN), MAIN_LENGTH),
        () -> PromptTokenizer.open(model.resolve(POOLED), pooledLength));
  }

  /**
   * Opens those that come with Polyptych: FLUX.1's published ones, and nano's.
   *
   * @param model as catalogs name it; empty if there are none for it
   */
  public static Optional<PromptTokenizers> builtIn(String model) {
    if (PromptTokenizers.class.getResource(model + "/" + POOLED + "/vocab.json") == null) {
      return Optional.empty();
    }
    return Optional.of(
        both(
            PromptTokenizer.builtIn(model + "/" + MAIN, MAIN_LENGTH),
            () -> PromptTokenizer.builtIn(model + "/" + POOLED, POOLED_LENGTH)));
  }

  private interface Opening {
    PromptTokenizer open();
  }

  private static PromptTokenizers both(PromptTokenizer main, Opening pooled) {
    try {
      return new PromptTokenizers(main, pooled.open());
    } catch (RuntimeException unusable) {
      main.close();
      throw unusable;
    }
  }

  @Override
  public void close() {
    main.close();
    pooled.close();
  }
}
