package dev.polyptych.store.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.util.Optional;

/** Small JSON objects of an object store. */
final class ObjectTexts {
  /** No manifest of ours is longer. */
  private static final int LONGEST = 1 << 20;

  private ObjectTexts() {}

  static ObjectContent content(String json) {
    return ObjectContent.of(json.getBytes(UTF_8), "application/json");
  }

  /**
   * Empty if there is no such object.
   *
   * @throws ObjectsUnavailableException when the store does not answer
   */
  static Optional<String> read(ObjectStore objects, String key) {
    Optional<StoredObject> found = objects.get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject object = found.get()) {
      return Optional.of(new String(object.bytes().readNBytes(LONGEST), UTF_8));
    } catch (IOException broken) {
      throw new ObjectsUnavailableException(
          objects.where() + " broke off: " + broken.getMessage(), broken);
    }
  }
}
