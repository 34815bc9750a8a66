package dev.polyptych.tokenizers;

import java.nio.file.Path;
import java.util.Map;
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
   * FLUX.1-dev was trained with T5 prompts of this length in tokens (diffusers pipeline_flux.py
   * max_sequence_length).
   */
  private static final int MAIN_LENGTH = 512;

  /** Folder of the published tokenizers, which all FLUX.1 models share. */
  private static final String FLUX = "flux.1-dev";

  /** Names of published models that share them, and the length of their T5 prompts. */
  private static final Map<String, Integer> SHARING =
      Map.of("flux.1-schnell", 256, "flux.1-krea-dev", MAIN_LENGTH, "flux.1-fill-dev", MAIN_LENGTH);

  /** Positions of every CLIP text encoder that FLUX.1 models have. */
  private static final int POOLED_LENGTH = 77;

  /**
   * Opens those of a model folder in diffusers layout.
   *
   * @param mainLength the most T5 tokens that its transformer reads
   * @param pooledLength positions of its CLIP text encoder
   * @throws TokenizerException if a file is missing or wrong
   */
  public static PromptTokenizers open(Path model, int mainLength, int pooledLength) {
    return both(
        PromptTokenizer.open(model.resolve(MAIN), mainLength),
        () -> PromptTokenizer.open(model.resolve(POOLED), pooledLength));
  }

  /**
   * Opens those that come with Polyptych: FLUX.1's published ones, and nano's.
   *
   * @param model as catalogs name it; empty if there are none for it
   */
  public static Optional<PromptTokenizers> builtIn(String model) {
    String folder = SHARING.containsKey(model) ? FLUX : model;
    if (PromptTokenizers.class.getResource(folder + "/" + POOLED + "/vocab.json") == null) {
      return Optional.empty();
    }
    return Optional.of(builtIn(folder, SHARING.getOrDefault(model, MAIN_LENGTH)));
  }

  /** FLUX.1's published ones. */
  public static PromptTokenizers flux(int mainLength) {
    return builtIn(FLUX, mainLength);
  }

  private static PromptTokenizers builtIn(String folder, int mainLength) {
    return both(
        PromptTokenizer.builtIn(folder + "/" + MAIN, mainLength),
        () -> PromptTokenizer.builtIn(folder + "/" + POOLED, POOLED_LENGTH));
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
