package dev.polyptych.worker.render.flux;

import dev.polyptych.worker.adapter.Adapter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Adapters that are read, the one used longest ago first out. Owns their native memory; render
 * thread only.
 */
final class ResidentAdapters implements AutoCloseable {
  private final long capacityBytes;
  private final Function<String, Adapter> read;

  /** In the order of their last use. */
  private final Map<String, Adapter> adapters = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param capacityBytes of all together; one alone may be larger
   */
  ResidentAdapters(long capacityBytes, Function<String, Adapter> read) {
    this.capacityBytes = capacityBytes;
    this.read = read;
  }

  /**
   * The adapter, read if need be.
   *
   * @param inUse not thrown out, whatever its age
   */
  Adapter get(String id, Optional<Adapter> inUse) {
    Adapter known = adapters.get(id);
    if (known != null) {
      return known;
    }
    Adapter adapter = read.apply(id);
    makeRoom(adapter.bytes(), inUse);
    adapters.put(id, adapter);
    return adapter;
  }

  @Override
  public void close() {
    adapters.values().forEach(Adapter::close);
    adapters.clear();
  }

  private void makeRoom(long bytes, Optional<Adapter> inUse) {
    long held = adapters.values().stream().mapToLong(Adapter::bytes).sum();
    Iterator<Adapter> oldestFirst = adapters.values().iterator();
    while (held + bytes > capacityBytes && oldestFirst.hasNext()) {
      Adapter oldest = oldestFirst.next();
      if (inUse.filter(used -> used.name().equals(oldest.name())).isEmpty()) {
        oldestFirst.remove();
        held -= oldest.bytes();
        oldest.close();
      }
    }
  }
}
