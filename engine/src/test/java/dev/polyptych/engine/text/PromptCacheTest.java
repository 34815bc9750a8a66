package dev.polyptych.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.text.TextEncoders.EncodedPrompt;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.model.ModelFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PromptCacheTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final PromptCache cache =
      new PromptCache(
          TextEncoders.load(
              ModelFolder.open(TinyModels.folder()),
              new TensorLoader(manager, ComputeType.FLOAT32),
              manager),
          manager);

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void encodesAPromptOnce() {
    assertSame(cache.encode("a bear"), cache.encode("a bear"));
    assertEquals(2, cache.arrays());
  }

  @Test
  void forgetsThePromptUsedLongestAgoAndFreesItsMemory() {
    EncodedPrompt first = cache.encode("0");
    EncodedPrompt second = cache.encode("1");
    for (int i = 2; i < PromptCache.CAPACITY; i++) {
      cache.encode("" + i);
    }
    assertSame(first, cache.encode("0"));
    cache.encode("one more");

    assertEquals(2 * PromptCache.CAPACITY, cache.arrays());
    assertSame(first, cache.encode("0"));
    assertNotSame(second, cache.encode("1"));
  }
}
