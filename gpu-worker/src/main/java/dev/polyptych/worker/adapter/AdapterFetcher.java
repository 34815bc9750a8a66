package dev.polyptych.worker.adapter;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import dev.polyptych.store.registry.AdapterObjects;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.worker.metrics.FetchMetrics;
import dev.polyptych.worker.metrics.FetchMetrics.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches adapters from the object store to this worker's disk, on threads of its own: each adapter
 * once at a time, two at once. While the object store does not answer, a fetch is tried again as
 * long as a job needs it. An object that is missing or has other bytes is a problem of the adapter.
 * Safe for all threads; no method blocks.
 */
public final class AdapterFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterFetcher.class);
  private static final int AT_ONCE = 2;
  private static final int BUFFER_BYTES = 256 * 1024;

  /** Longer than the largest adapter takes on a slow network. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** After this time an adapter with a problem is fetched again, if a job needs it. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  /** Longer than a job with a problem goes round among workers. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private static final JitteredBackoff BACKOFF =
      new JitteredBackoff(
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          () -> ThreadLocalRandom.current().nextDouble());

  private final AdapterStore store;
  private final Optional<ObjectStore> objects;
  private final FetchMetrics metrics;
  private final Clock clock;
  private final Runnable changed;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("adapter-fetch-", 0).factory());

  /** The number of the try, by digest. */
  @GuardedBy("this")
  private final Map<String, Integer> fetches = new TreeMap<>();

  @GuardedBy("this")
  private final Map<String, Problem> problems = new TreeMap<>();

  @GuardedBy("this")
  private Set<String> wanted = Set.of();

  @GuardedBy("this")
  private boolean closed;

  private record Problem(JobError error, Instant at) {
    static Problem of(String digest, String why, Instant at) {
      return new Problem(
          new JobError(ErrorCode.ADAPTER_UNAVAILABLE, "adapter sha256:" + digest + ": " + why), at);
    }

    boolean olderThan(Duration age, Instant now) {
      return !now.isBefore(at.plus(age));
    }
  }

  /** This worker can't write the file, whatever the object store holds. */
  private static final class DiskException extends Exception {
    private static final long serialVersionUID = 1L;

    DiskException(IOException cause) {
      super(cause);
    }
  }

  /**
   * @param objects empty where the worker has none: then each adapter that is not here is a problem
   * @param changed called when an adapter has come, or can't be fetched; any thread
   * @throws IllegalStateException when the store's folder can't be written, with the remedy
   */
  public AdapterFetcher(
      AdapterStore store,
      Optional<ObjectStore> objects,
      FetchMetrics metrics,
      Clock clock,
      Runnable changed) {
    this.store = store;
    this.objects = objects;
    this.metrics = metrics;
    this.clock = clock;
    this.changed = changed;
    if (objects.isPresent()) {
      store.prepare();
      metrics.holds(store.bytes());
    }
  }

  /**
   * Tells what the jobs here need. What is not on the disk is fetched. A fetch that nobody needs
   * any more is not tried again.
   */
  public synchronized void want(Collection<String> digests) {
    wanted = Set.copyOf(digests);
    forget();
    for (String digest : digests) {
      if (!fetches.containsKey(digest) && due(digest) && !store.has(digest)) {
        begin(digest);
      }
    }
  }

  /** Digests of the adapters that are being fetched. */
  public synchronized List<String> fetching() {
    return List.copyOf(fetches.keySet());
  }

  /** Why an adapter can't be fetched; empty if it is here, may come, or was not asked for. */
  public synchronized Optional<JobError> problem(String digest) {
    return Optional.ofNullable(problems.get(digest)).map(Problem::error);
  }

  /** Digests of the adapters with a problem. */
  public synchronized List<String> problems() {
    return List.copyOf(problems.keySet());
  }

  /** Ends all fetches. None begins afterwards. */
  @Override
  public synchronized void close() {
    closed = true;
    threads.shutdownNow();
  }

  /** Problems of what has come by another way, and old ones that concern no job. */
  @GuardedBy("this")
  private void forget() {
    Instant now = clock.instant();
    for (Map.Entry<String, Problem> known : List.copyOf(problems.entrySet())) {
      String digest = known.getKey();
      boolean old = !wanted.contains(digest) && known.getValue().olderThan(REMEMBERED, now);
      if (old || store.has(digest)) {
        problems.remove(digest);
      }
    }
  }

  @GuardedBy("this")
  private boolean due(String digest) {
    Problem last = problems.get(digest);
    return last == null || last.olderThan(TRY_AGAIN, clock.instant());
  }

  @GuardedBy("this")
  private void begin(String digest) {
    if (objects.isEmpty()) {
      String remedy = "this worker has no object store to fetch it from; set objects";
      problems.put(digest, Problem.of(digest, remedy, clock.instant()));
    } else if (!closed) {
      fetches.put(digest, 1);
      threads.execute(() -> fetch(objects.get(), digest));
    }
  }

  private void fetch(ObjectStore from, String digest) {
    // Another worker that shares the folder may have fetched it meanwhile.
    if (store.has(digest)) {
      ended(digest, Optional.empty());
      return;
    }
    long begin = System.nanoTime();
    Outcome outcome = outcome(from, digest);
    metrics.ended(outcome, System.nanoTime() - begin);
    switch (outcome) {
      case FETCHED -> ended(digest, Optional.empty());
      case INTERRUPTED -> again(from, digest);
      case MISSING -> failed(digest, "the object store does not have it; register it again");
      case DAMAGED -> failed(digest, "its object has other bytes; register it again");
      case FAILED ->
          failed(digest, "this worker can't store it; the operator finds the reason in its log");
    }
  }

  private Outcome outcome(ObjectStore from, String digest) {
    try {
      return fetched(from, digest);
    } catch (ObjectsUnavailableException | IOException away) {
      LOG.warn("adapter {} is not fetched yet: {}", digest, away.getMessage());
      return Outcome.INTERRUPTED;
    } catch (DiskException | RuntimeException failed) {
      LOG.error("adapter {} can't be stored", digest, failed);
      return Outcome.FAILED;
    }
  }

  /**
   * @throws IOException when the object store breaks off
   */
  private Outcome fetched(ObjectStore from, String digest) throws IOException, DiskException {
    Optional<StoredObject> found = from.get(AdapterObjects.key(digest));
    if (found.isEmpty()) {
      return Outcome.MISSING;
    }
    try (StoredObject object = found.get()) {
      Path draft = onDisk(store::draft);
      try {
        if (!copied(object, draft).equals(digest)) {
          return Outcome.DAMAGED;
        }
        Set<String> needed = wanted();
        onDisk(
            () -> {
              store.keep(draft, digest, needed);
              return draft;
            });
        LOG.info("fetched adapter {}, {} bytes", digest, object.length());
        metrics.holds(store.bytes());
        return Outcome.FETCHED;
      } finally {
        onDisk(() -> Files.deleteIfExists(draft));
      }
    }
  }

  /** The digest of what was copied. */
  private static String copied(StoredObject object, Path to) throws IOException, DiskException {
    MessageDigest digest = Sha256.newDigest();
    long end = System.nanoTime() + LONGEST.toNanos();
    long copied = 0;
    try (OutputStream file = onDisk(() -> Files.newOutputStream(to))) {
      byte[] part = new byte[BUFFER_BYTES];
      int count = object.bytes().read(part);
      while (count >= 0) {
        if (System.nanoTime() > end) {
          throw new IOException("not fetched within %d s".formatted(LONGEST.toSeconds()));
        }
        digest.update(part, 0, count);
        copied += count;
        write(file, part, count);
        count = object.bytes().read(part);
      }
    }
    if (copied < object.length()) {
      throw new IOException("broke off after %d of %d bytes".formatted(copied, object.length()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void write(OutputStream file, byte[] part, int count) throws DiskException {
    try {
      file.write(part, 0, count);
    } catch (IOException full) {
      throw new DiskException(full);
    }
  }

  private interface DiskCall<T> {
    T run() throws IOException;
  }

  private static <T> T onDisk(DiskCall<T> call) throws DiskException {
    try {
      return call.run();
    } catch (IOException failed) {
      throw new DiskException(failed);
    }
  }

  private synchronized Set<String> wanted() {
    return wanted;
  }

  private void failed(String digest, String why) {
    Problem problem = Problem.of(digest, why, clock.instant());
    LOG.warn("{}", problem.error().detail());
    ended(digest, Optional.of(problem));
  }

  private void ended(String digest, Optional<Problem> problem) {
    synchronized (this) {
      fetches.remove(digest);
      problems.remove(digest);
      problem.ifPresent(found -> problems.put(digest, found));
    }
    changed.run();
  }

  private synchronized void again(ObjectStore from, String digest) {
    int tries = fetches.remove(digest);
    if (!closed && wanted.contains(digest)) {
      fetches.put(digest, tries + 1);
      long wait = BACKOFF.after(tries).toMillis();
      var _ = threads.schedule(() -> fetch(from, digest), wait, TimeUnit.MILLISECONDS);
    }
  }
}
