package dev.polyptych.engine.text;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.model.Loading;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.tokenizers.PromptTokenizers;
import dev.polyptych.tokenizers.TokenizerException;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelFolderException;
import java.util.UUID;

/** Both tokenizers and both text encoders of a model folder. Belongs to the render thread. */
public final class TextEncoders {
  private final PromptTokenizers tokenizers;
  private final ClipTextEncoder clip;
  private final T5TextEncoder t5;
  private final TensorLoader loader;
  private final TextPlace place;
  private final Weights bare;

  private TextEncoders(Loading loading, boolean float8, TextPlace place, NDManager manager) {
    this.tokenizers = tokenizers(loading.folder(), manager);
    this.clip = ClipTextEncoder.load(loading, place, manager);
    this.t5 = T5TextEncoder.load(loading, float8, place, manager);
    this.loader = loading.loader();
    this.place = place;
    TensorMap none = TensorMap.empty(manager);
    this.bare = new Weights(none, none, 0);
  }

  private static PromptTokenizers tokenizers(ModelFolder folder, NDManager manager) {
    PromptTokenizers both = tokenizers(folder);
    manager.attachInternal("tokenizers " + UUID.randomUUID(), both);
    return both;
  }

  /**
   * Opens a model's tokenizers: its own, or those that come with Polyptych.
   *
   * @throws ModelFolderException if they can't be read, or it has none and needs its own
   */
  public static PromptTokenizers tokenizers(ModelFolder folder) {
    try {
      return folder
          .file()
          .tokenizers()
          .map(own -> PromptTokenizers.open(own, folder.textTokens(), folder.clip().positions()))
          .orElseGet(() -> builtIn(folder));
    } catch (TokenizerException unreadable) {
      throw new ModelFolderException(unreadable.getMessage(), unreadable);
    }
  }

  /** The published tokenizers of FLUX.1, for encoders with their vocabularies. */
  private static PromptTokenizers builtIn(ModelFolder folder) {
    ModelFolder published = ModelFolder.fluxDev();
    if (folder.clip().vocabulary() != published.clip().vocabulary()
        || folder.t5().vocabulary() != published.t5().vocabulary()) {
      throw new ModelFolderException(
          folder.file().path(),
          "has no tokenizers, and its text encoders have other vocabularies than FLUX.1's",
          "name the folder of its tokenizers by 'tokenizers:' in a model file (YAML)");
    }
    return PromptTokenizers.flux(folder.textTokens());
  }

  /** How much of a prompt both encoders read. Any thread may ask. */
  public TextReading read(PromptTemplate.Composed prompt) {
    PromptTokenizer main = tokenizers.main();
    PromptTokenizer pooled = tokenizers.pooled();
    return TextReading.of(
        prompt,
        new TextReading.Encoder(main.length(), main::count),
        new TextReading.Encoder(pooled.length(), pooled::count));
  }

  /**
   * Loads all four onto the manager's device. Closing the manager frees them.
   *
   * @throws ModelFolderException if one can't be loaded
   */
  public static TextEncoders load(ModelFolder folder, TensorLoader loader, NDManager manager) {
    return load(new Loading(folder, loader), false, TextPlace.RESIDENT, manager);
  }

  /**
   * Loads them where they are to be. Closing the manager frees them.
   *
   * @param float8 whether T5's linear layers lie in float8
   * @param manager of the device that draws
   * @throws ModelFolderException if one can't be loaded
   */
  public static TextEncoders load(
      Loading loading, boolean float8, TextPlace place, NDManager manager) {
    return new TextEncoders(loading, float8, place, manager);
  }

  /**
   * The transformer's text inputs for one prompt, in the compute type.
   *
   * @param states (1, text tokens, text width)
   * @param pooled (1, pooled width)
   */
  public record EncodedPrompt(NDArray states, NDArray pooled) {}

  /** Encodes a prompt without adapters. The result is attached to {@code manager}. */
  public EncodedPrompt encode(String prompt, NDManager manager) {
    return encode(prompt, bare, manager);
  }

  /**
   * Encodes a prompt with what adapters change of the encoders. The result is attached to {@code
   * manager}.
   */
  public EncodedPrompt encode(String prompt, Weights adapters, NDManager manager) {
    if (adapters.text().isEmpty()) {
      return encoded(prompt, bare, manager);
    }
    if (place != TextPlace.CPU) {
      return encoded(prompt, adapters, manager);
    }
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      TensorMap branch = loader.moved(adapters.branch(), host);
      Weights there = new Weights(bare.base(), branch, adapters.strength(), adapters.text());
      return encoded(prompt, there, manager);
    }
  }

  private EncodedPrompt encoded(String prompt, Weights with, NDManager manager) {
    return new EncodedPrompt(
        t5.states(tokenizers.main().ids(prompt), with, manager),
        clip.pooled(tokenizers.pooled().ids(prompt), with, manager));
  }
}
