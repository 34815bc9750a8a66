package dev.polyptych.worker.adapter;

import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An object store that can be away, slow, or break off a transfer. */
final class SwitchedObjects implements ObjectStore {
  private final ObjectStore objects;
  private final AtomicInteger gets = new AtomicInteger();
  private final AtomicBoolean breaks = new AtomicBoolean();
  private volatile boolean away;
  private volatile CountDownLatch held = new CountDownLatch(0);

  SwitchedObjects(ObjectStore objects) {
    this.objects = objects;
  }

  void away(boolean now) {
    away = now;
  }

  /** The next transfer ends too early. */
  void breakOnce() {
    breaks.set(true);
  }

  /** From now on no transfer begins. */
  void hold() {
    held = new CountDownLatch(1);
  }

  void release() {
    held.countDown();
  }

  /** How many transfers were asked for. */
  int gets() {
    return gets.get();
  }

  @Override
  public Optional<StoredObject> get(String key) {
    gets.incrementAndGet();
    try {
      if (!held.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("held for too long");
      }
    } catch (InterruptedException stopping) {
      throw new ObjectsUnavailableException("interrupted", stopping);
    }
    if (away) {
      throw new ObjectsUnavailableException("away", null);
    }
    return breaks.compareAndSet(true, false)
        ? Optional.of(new StoredObject(5, new ByteArrayInputStream(new byte[] {1, 2}), () -> {}))
        : objects.get(key);
  }

  @Override
  public void put(String key, ObjectContent content) {
    objects.put(key, content);
  }

  @Override
  public boolean create(String key, ObjectContent content) {
    return objects.create(key, content);
  }

  @Override
  public OptionalLong size(String key) {
    return objects.size(key);
  }

  @Override
  public void delete(String key) {
    objects.delete(key);
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
    objects.close();
  }
}
