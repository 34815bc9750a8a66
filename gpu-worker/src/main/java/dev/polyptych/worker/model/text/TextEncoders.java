package dev.polyptych.worker.model.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.worker.model.ModelFolder;
import dev.polyptych.worker.model.graph.TensorLoader;

/** Both tokenizers and both encoders of a model folder. Belongs to the render thread. */
public final class TextEncoders implements AutoCloseable {
  /**
   * FLUX.1 was trained with T5 prompts of this length (diffusers pipeline_flux.py
   * max_sequence_length).
   */
  private static final int T5_LENGTH = 512;

  private final PromptTokenizer clipTokenizer;
  private final PromptTokenizer t5Tokenizer;
  private final ClipTextEncoder clip;
  private final T5TextEncoder t5;

  private TextEncoders(ModelFolder folder, TensorLoader loader, NDManager manager) {
    this.clipTokenizer =
        PromptTokenizer.open(folder.path().resolve("tokenizer"), folder.clip().positions());
    this.t5Tokenizer = PromptTokenizer.open(folder.path().resolve("tokenizer_2"), T5_LENGTH);
    this.clip = ClipTextEncoder.load(folder, loader, manager);
    this.t5 = T5TextEncoder.load(folder, loader, manager);
  }

  /**
   * Loads all four onto the manager's device.
   *
   * @throws dev.polyptych.worker.model.ModelFolderException if one can't be loaded
   */
  public static TextEncoders load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return new TextEncoders(folder, loader, manager);
  }

  /**
   * What the transformer sees of a prompt, in the compute type.
   *
   * @param states (1, text tokens, text width)
   * @param pooled (1, pooled width)
   */
  public record EncodedPrompt(NDArray states, NDArray pooled) {}

  /** Encodes a prompt; the result is attached to {@code manager}. */
  public EncodedPrompt encode(String prompt, NDManager manager) {
    return new EncodedPrompt(
        t5.states(t5Tokenizer.ids(prompt), manager),
        clip.pooled(clipTokenizer.ids(prompt), manager));
  }

  @Override
  public void close() {
    t5.close();
    clip.close();
    t5Tokenizer.close();
    clipTokenizer.close();
  }
}
