package dev.polyptych.engine.text;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.TextReading;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Least recently used encoded prompts on the device. A prompt's states are the same for all
 * adapters that don't change the text encoders. Its arrays are freed with the manager that it was
 * made with. Belongs to the render thread.
 */
public final class PromptCache {
  /** Prompts; each takes 4 MB in FLUX.1 with bfloat16. */
  static final int CAPACITY = 16;

  private final TextEncoders encoders;
  private final NDManager manager;

  /** In order of their last use. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param text as in {@link Weights}
   */
  private record Key(String prompt, String text) {}

  private record Entry(NDManager owner, EncodedPrompt prompt) {}

  /**
   * @param parent owner of the cached arrays
   */
  public PromptCache(TextEncoders encoders, NDManager parent) {
    this.encoders = encoders;
    this.manager = parent.newSubManager();
  }

  /** The states of a prompt without adapters; as {@link #encode(String, Weights)}. */
  public EncodedPrompt encode(String prompt) {
    return encode(new Key(prompt, ""), owner -> encoders.encode(prompt, owner));
  }

  /**
   * The states of a prompt with what adapters change of the encoders. The cache owns them; they are
   * valid until the next call.
   */
  public EncodedPrompt encode(String prompt, Weights adapters) {
    return encode(
        new Key(prompt, adapters.text()), owner -> encoders.encode(prompt, adapters, owner));
  }

  private EncodedPrompt encode(Key key, Function<NDManager, EncodedPrompt> encoding) {
    Entry known = entries.get(key);
    if (known != null) {
      return known.prompt();
    }
    if (entries.size() == CAPACITY) {
      Iterator<Entry> oldestFirst = entries.values().iterator();
      oldestFirst.next().owner().close();
      oldestFirst.remove();
    }
    Entry encoded = encoded(encoding);
    entries.put(key, encoded);
    return encoded.prompt();
  }

  /** How much of a prompt the encoders read. Any thread may ask. */
  public TextReading read(PromptTemplate.Composed prompt) {
    return encoders.read(prompt);
  }

  private Entry encoded(Function<NDManager, EncodedPrompt> encoding) {
    NDManager owner = manager.newSubManager();
    try {
      return new Entry(owner, encoding.apply(owner));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** Number of native arrays in the cache. It is bounded. */
  public int arrays() {
    return manager.getManagedArrays().size();
  }
}
