package dev.polyptych.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.tokenizers.TokenizerException;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelFolderException;
import java.util.UUID;

/** Both tokenizers and both text encoders of a model folder. Belongs to the render thread. */
public final class TextEncoders {
  /**
   * FLUX.1 was trained with T5 prompts of this length in tokens (diffusers pipeline_flux.py
   * max_sequence_length).
   */
  private static final int T5_LENGTH = 512;

  private final PromptTokenizer clipTokenizer;
  private final PromptTokenizer t5Tokenizer;
  private final ClipTextEncoder clip;
  private final T5TextEncoder t5;

  private TextEncoders(ModelFolder folder, TensorLoader loader, NDManager manager) {
    this.clipTokenizer = tokenizer(folder, "tokenizer", folder.clip().positions(), manager);
    this.t5Tokenizer = tokenizer(folder, "tokenizer_2", T5_LENGTH, manager);
    this.clip = ClipTextEncoder.load(folder, loader, manager);
    this.t5 = T5TextEncoder.load(folder, loader, manager);
  }

  private static PromptTokenizer tokenizer(
      ModelFolder folder, String part, int longest, NDManager manager) {
    PromptTokenizer tokenizer;
    try {
      tokenizer = PromptTokenizer.open(folder.path().resolve(part), longest);
    } catch (TokenizerException unreadable) {
      throw new ModelFolderException(unreadable.getMessage(), unreadable);
    }
    manager.attachInternal(part + " " + UUID.randomUUID(), tokenizer);
    return tokenizer;
  }

  /**
   * Loads all four onto the manager's device. Closing the manager frees them.
   *
   * @throws ModelFolderException if one can't be loaded
   */
  public static TextEncoders load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return new TextEncoders(folder, loader, manager);
  }

  /**
   * The transformer's text inputs for one prompt, in the compute type.
   *
   * @param states (1, text tokens, text width)
   * @param pooled (1, pooled width)
   */
  public record EncodedPrompt(NDArray states, NDArray pooled) {}

  /** Encodes a prompt. The result is attached to {@code manager}. */
  public EncodedPrompt encode(String prompt, NDManager manager) {
    return new EncodedPrompt(
        t5.states(t5Tokenizer.ids(prompt), manager),
        clip.pooled(clipTokenizer.ids(prompt), manager));
  }
}
