package dev.polyptych.engine.adapter;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.engine.adapter.AdapterFolder.Stamp;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.HostAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Adapters in host memory, least recently used out first. Each file is read and checked on a thread
 * of its own, so that a file on a dead mount hangs no caller. Several callers of the same adapter
 * wait for one reading, up to a limit. While a reading exceeds it, callers fail at once. An adapter
 * is visible here once it is complete. A file that was replaced is read again at its next use. Safe
 * for all threads; uses no device.
 */
public final class HostAdapters implements AutoCloseable {
  /** Longer than any healthy disk takes for the largest adapter. */
  public static final Duration READING_LIMIT = Duration.ofMinutes(2);

  private final Source source;
  private final Duration readingLimit;
  private final long capacityBytes;
  private final Set<String> pinned;

  /**
   * Follows one hint at a time and ignores further ones: a hint that comes too early comes again.
   */
  private final ThreadPoolExecutor ahead =
      new ThreadPoolExecutor(
          0,
          1,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("adapter-prefetch").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /** By digest, least recently used first. Equal files of two ids are held once. */
  @GuardedBy("this")
  private final Map<String, HostAdapter> held = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("this")
  private final Map<String, Known> known = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Reading> readings = new HashMap<>();

  private record Reading(CompletableFuture<HostAdapter> result, long since) {
    static Reading start() {
      return new Reading(new CompletableFuture<>(), System.nanoTime());
    }
  }

  /** As the other one, with {@link #READING_LIMIT}. */
  public HostAdapters(Source source, long capacityBytes, Set<String> pinned) {
    this(source, READING_LIMIT, capacityBytes, pinned);
  }

  /** What was read last for an id. */
  private record Known(String digest, Optional<Stamp> stamp) {}

  /** The files. Any thread may use it. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads the file of an id.
     *
     * @throws AdapterException if it is unusable
     */
    HostAdapter read(String id);

    /** What shows whether the file was replaced; empty if nothing does. */
    default Optional<Stamp> stamp(String id) {
      return Optional.empty();
    }
  }

  /**
   * @param readingLimit how long a file may take
   * @param capacityBytes of all together, without pinned ones; one alone may be larger
   * @param pinned ids that stay once they are read
   */
  public HostAdapters(
      Source source, Duration readingLimit, long capacityBytes, Set<String> pinned) {
    this.source = source;
    this.readingLimit = readingLimit;
    this.capacityBytes = capacityBytes;
    this.pinned = Set.copyOf(pinned);
  }

  /**
   * The adapter as its file is now. Reads it if necessary, or waits for a reading that is under
   * way.
   *
   * @throws AdapterException if it can't be read. The next call tries again
   */
  public HostAdapter get(String id) {
    Reading reading;
    boolean mine;
    Optional<Stamp> stamp = source.stamp(id);
    synchronized (this) {
      Optional<HostAdapter> held = held(id);
      if (held.isPresent() && sameFile(id, stamp)) {
        return held.get();
      }
      mine = !readings.containsKey(id);
      reading = readings.computeIfAbsent(id, missing -> Reading.start());
    }
    if (mine) {
      Thread.ofPlatform()
          .daemon()
          .name("adapter-read-" + id)
          .start(() -> read(id, reading.result()));
    }
    return await(id, reading);
  }

  /**
   * Whether the file of an id is the one that was read with this digest. A file that is gone counts
   * as unchanged.
   */
  boolean current(String id, String digest) {
    Optional<Stamp> stamp = source.stamp(id);
    synchronized (this) {
      Known last = known.get(id);
      return last != null && last.digest().equals(digest) && sameFile(id, stamp);
    }
  }

  @GuardedBy("this")
  private boolean sameFile(String id, Optional<Stamp> stamp) {
    return stamp.isEmpty() || known.get(id).stamp().equals(stamp);
  }

  /** Whether the adapter is in memory. */
  public synchronized boolean holds(String id) {
    return held(id).isPresent();
  }

  /** Ids of the adapters in memory. */
  public synchronized List<String> ids() {
    List<String> ids = new ArrayList<>();
    known.forEach(
        (id, last) -> {
          if (held.containsKey(last.digest())) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** Reads those that are not here in the background, unless others are being read. */
  public void prefetch(List<String> ids) {
    List<String> missing = ids.stream().filter(id -> !holds(id)).toList();
    if (!missing.isEmpty()) {
      ahead.execute(() -> missing.forEach(this::tryToRead));
    }
  }

  private void tryToRead(String id) {
    try {
      get(id);
    } catch (AdapterException unfit) {
      // The run that needs it reads it again and reports the failure.
    }
  }

  private void read(String id, CompletableFuture<HostAdapter> reading) {
    try {
      Optional<Stamp> before = source.stamp(id);
      HostAdapter adapter = source.read(id).named(id);
      if (!before.equals(source.stamp(id))) {
        throw new AdapterException(id + ": its file was replaced while it was read", null);
      }
      keep(id, adapter, before);
      reading.complete(adapter);
    } catch (RuntimeException | Error failed) {
      synchronized (this) {
        readings.remove(id);
      }
      reading.completeExceptionally(failed);
    }
  }

  private synchronized void keep(String id, HostAdapter adapter, Optional<Stamp> stamp) {
    readings.remove(id);
    known.put(id, new Known(adapter.digest(), stamp));
    held.put(adapter.digest(), adapter);
    makeRoom(adapter.digest());
  }

  @GuardedBy("this")
  private void makeRoom(String newest) {
    long bytes = held.values().stream().mapToLong(HostAdapter::bytes).sum();
    Iterator<HostAdapter> oldestFirst = held.values().iterator();
    while (bytes > capacityBytes && oldestFirst.hasNext()) {
      HostAdapter oldest = oldestFirst.next();
      if (!oldest.digest().equals(newest) && !pinned(oldest.digest())) {
        oldestFirst.remove();
        bytes -= oldest.bytes();
      }
    }
  }

  @GuardedBy("this")
  private boolean pinned(String digest) {
    for (String id : pinned) {
      Known last = known.get(id);
      if (last != null && last.digest().equals(digest)) {
        return true;
      }
    }
    return false;
  }

  @GuardedBy("this")
  private Optional<HostAdapter> held(String id) {
    return Optional.ofNullable(known.get(id))
        .map(last -> held.get(last.digest()))
        .map(adapter -> adapter.named(id));
  }

  private HostAdapter await(String id, Reading reading) {
    try {
      long left = readingLimit.toNanos() - (System.nanoTime() - reading.since());
      return reading.result().get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AdapterException unfit) {
        throw new AdapterException(unfit.getMessage(), unfit);
      }
      throw new IllegalStateException("reading adapter " + id + " failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AdapterException(
          "adapter %s: its file was not read within %d s; is it on a dead mount?"
              .formatted(id, readingLimit.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdapterException(id + ": interrupted while reading", e);
    }
  }

  /** Stops reading ahead. */
  @Override
  public void close() {
    ahead.shutdownNow();
  }
}
