package dev.polyptych.engine.text;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Encoded prompts on the device, the one used longest ago first out. No adapter touches the text
 * encoders, so a prompt's states are the same with all of them. Belongs to the render thread; what
 * it holds dies with the manager that it was made with.
 */
public final class PromptCache {
  /** 4 MB each in FLUX.1 with bfloat16. */
  static final int CAPACITY = 16;

  private final TextEncoders encoders;
  private final NDManager manager;

  /** In the order of their last use. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Entry(NDManager owner, EncodedPrompt prompt) {}

  public PromptCache(TextEncoders encoders, NDManager parent) {
    this.encoders = encoders;
    this.manager = parent.newSubManager();
  }

  /** What the transformer sees of a prompt; stays the cache's, and whole until the next call. */
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

  private Entry encoded(String prompt) {
    NDManager owner = manager.newSubManager();
    try {
      return new Entry(owner, encoders.encode(prompt, owner));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** Native arrays held now; never more than those of {@link #CAPACITY} prompts. */
  public int arrays() {
    return manager.getManagedArrays().size();
  }
}
