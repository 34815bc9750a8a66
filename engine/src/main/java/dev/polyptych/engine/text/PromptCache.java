package dev.polyptych.engine.text;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.schema.catalog.PromptTemplate;
import dev.polyptych.schema.catalog.TextReading;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Least recently used encoded prompts on the device. No adapter changes the text encoders, so a
 * prompt's states are the same for all adapters. Its arrays are freed with the manager that it was
 * made with. Belongs to the render thread.
 */
public final class PromptCache {
  /** Prompts; each takes 4 MB in FLUX.1 with bfloat16. */
  static final int CAPACITY = 16;

  private final TextEncoders encoders;
  private final NDManager manager;

  /** In order of their last use. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Entry(NDManager owner, EncodedPrompt prompt) {}

  /**
   * @param parent owner of the cached arrays
   */
  public PromptCache(TextEncoders encoders, NDManager parent) {
    this.encoders = encoders;
    this.manager = parent.newSubManager();
  }

  /** The states of a prompt. The cache owns them; they are valid until the next call. */
  public EncodedPrompt encode(String prompt) {
    Entry known = entries.get(prompt);
    if (known != null) {
      return known.prompt();
    }
    if (entries.size() == CAPACITY) {
      Iterator<Entry> oldestFirst = entries.values().iterator();
      oldestFirst.next().owner().close();
      oldestFirst.remove();
    }
    Entry encoded = encoded(prompt);
    entries.put(prompt, encoded);
    return encoded.prompt();
  }

  /** How much of a prompt the encoders read. Any thread may ask. */
  public TextReading read(PromptTemplate.Composed prompt) {
    return encoders.read(prompt);
  }

  private Entry encoded(String prompt) {
    NDManager owner = manager.newSubManager();
    try {
      return new Entry(owner, encoders.encode(prompt, owner));
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
