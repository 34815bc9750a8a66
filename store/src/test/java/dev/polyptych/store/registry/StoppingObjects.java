package dev.polyptych.store.registry;

import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A real object store whose process stops after some writes. */
class StoppingObjects implements ObjectStore {
  private final ObjectStore objects;
  private int left;

  StoppingObjects(ObjectStore objects, int writes) {
    this.objects = objects;
    this.left = writes;
  }

  private void write() {
    if (left-- <= 0) {
      throw new ObjectsUnavailableException("the process stopped here", null);
    }
  }

  @Override
  public void put(String key, ObjectContent content) {
    write();
    objects.put(key, content);
  }

  @Override
  public boolean create(String key, ObjectContent content) {
    write();
    return objects.create(key, content);
  }

  @Override
  public void delete(String key) {
    write();
    objects.delete(key);
  }

  @Override
  public Optional<StoredObject> get(String key) {
    return objects.get(key);
  }

  @Override
  public OptionalLong size(String key) {
    return objects.size(key);
  }

  @Override
  public void list(String prefix, Consumer<Entry> entries) {
    objects.list(prefix, entries);
  }

  @Override
  public Optional<URI> link(String key, Duration valid) {
    return objects.link(key, valid);
  }

  @Override
  public String where() {
    return objects.where();
  }

  @Override
  public void close() {
    // The store is the test's.
  }
}
