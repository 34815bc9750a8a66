package dev.polyptych.lab.bench.streams;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.schema.catalog.Catalog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Opens many event streams at one dispatcher in this process. The jobs of idle streams wait; the
 * jobs of active streams report a step twice a second. Measures the memory of a stream (including
 * the reader's socket, which is in this process as well), the time from writing an event to its
 * reader, and the number of Redis subscriptions.
 */
public final class StreamBench {
  /** The number of streams that one dispatcher should hold. */
  private static final int IDLE = 5_000;

  private static final int ACTIVE = 200;
  private static final int MOST_SUBSCRIPTIONS = 1;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Fewer than the dispatcher's limit, so that none is refused. */
  private static final int OPENED_AT_ONCE = 64;

  private static final int PATIENCE_SECONDS = 60;

  private final Target target;
  private final Plan plan;
  private final Consumer<String> progress;
  private final Timings delays = new Timings();
  private final AtomicLong delivered = new AtomicLong();
  private final Map<String, Double> figures = new LinkedHashMap<>();

  /** A dispatcher in this process and its Redis. */
  public record Target(URI dispatcher, URI redis, Catalog catalog) {}

  /**
   * @param time for which the active jobs report steps
   */
  public record Plan(int idle, int active, Duration time) {}

  private record Active(String job, AtomicLongArray sentNanos) {}

  private record Reader(String job, IntConsumer onStep) {}

  public StreamBench(Target target, Plan plan, Consumer<String> progress) {
    this.target = target;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * @throws IllegalStateException if the process may not open that many sockets
   */
  public Findings run() throws Exception {
    Descriptors.check(plan.idle() + plan.active());
    try (PlayedJobs jobs = new PlayedJobs(target.redis(), target.catalog());
        StreamReaders readers = new StreamReaders(target.dispatcher())) {
      List<String> waiting = new ArrayList<>();
      for (int i = 0; i < plan.idle(); i++) {
        waiting.add(jobs.queued());
      }
      List<Active> rendering = new ArrayList<>();
      for (int i = 0; i < plan.active(); i++) {
        rendering.add(new Active(jobs.rendering(), new AtomicLongArray(steps() + 1)));
      }
      measureMemory(readers, waiting, rendering);
      measureDelays(jobs, readers, rendering);
      return findings(readers.held(), jobs.subscriptions());
    }
  }

  private int steps() {
    return (int) (plan.time().toNanos() / TICK_NANOS);
  }

  private void measureMemory(StreamReaders readers, List<String> waiting, List<Active> rendering)
      throws Exception {
    // The first streams load classes and buffers that belong to no single stream.
    List<Reader> idle = waiting.stream().map(job -> new Reader(job, step -> {})).toList();
    open(readers, idle.subList(0, Math.min(idle.size(), OPENED_AT_ONCE)));
    int before = readers.held();
    ProcessMemory empty = ProcessMemory.now();
    progress.accept("opening " + (plan.idle() + plan.active()) + " streams");
    open(readers, idle.subList(before, idle.size()));
    open(readers, rendering.stream().map(this::reader).toList());
    ProcessMemory full = ProcessMemory.now();
    int opened = readers.held() - before;
    figures.put("heap_bytes_per_stream", perStream(full.heapBytes() - empty.heapBytes(), opened));
    figures.put(
        "resident_bytes_per_stream",
        perStream(full.residentBytes() - empty.residentBytes(), opened));
    figures.put("resident_bytes", (double) full.residentBytes());
  }

  private static double perStream(long bytes, int streams) {
    return (double) bytes / streams;
  }

  private Reader reader(Active active) {
    return new Reader(active.job(), step -> arrived(active, step));
  }

  private static void open(StreamReaders readers, List<Reader> all) throws Exception {
    Semaphore places = new Semaphore(OPENED_AT_ONCE);
    for (Reader one : all) {
      acquire(places, readers);
      readers.open(one.job(), new StreamReader(places::release, one.onStep()));
    }
    for (int i = 0; i < OPENED_AT_ONCE; i++) {
      acquire(places, readers);
    }
  }

  private static void acquire(Semaphore places, StreamReaders readers) throws Exception {
    if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      failIfBroken(readers.ended());
      throw new IllegalStateException(
          "a stream got no answer within " + PATIENCE_SECONDS + " s; is the machine overloaded?");
    }
    failIfBroken(readers.ended());
  }

  private static void failIfBroken(CompletableFuture<Void> ended) {
    if (ended.isDone()) {
      ended.join();
    }
  }

  /** On the readers' thread. */
  private void arrived(Active active, int step) {
    if (step > 0) {
      delays.add(System.nanoTime() - active.sentNanos().get(step));
      delivered.incrementAndGet();
    }
  }

  private void measureDelays(PlayedJobs jobs, StreamReaders readers, List<Active> rendering)
      throws Exception {
    progress.accept("reporting " + steps() + " steps of " + rendering.size() + " jobs");
    long due = System.nanoTime();
    for (int step = 1; step <= steps(); step++) {
      for (Active active : rendering) {
        active.sentNanos().set(step, System.nanoTime());
        jobs.progress(active.job(), step);
      }
      due += TICK_NANOS;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
    long all = (long) steps() * rendering.size();
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        delivered.get() < all && System.nanoTime() < end; ) {
      failIfBroken(readers.ended());
      TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
    }
    figures.put("events", (double) all);
    figures.put("events_lost", (double) (all - delivered.get()));
    figures.put("delivery_p50_seconds", delays.percentile(0.5));
    figures.put("delivery_p99_seconds", delays.percentile(0.99));
  }

  private Findings findings(int held, int subscriptions) {
    int lost = plan.idle() + plan.active() - held;
    figures.put("idle_streams", (double) plan.idle());
    figures.put("active_streams", (double) plan.active());
    figures.put("streams_held_to_the_end", (double) held);
    figures.put("redis_subscriptions", (double) subscriptions);
    return new Findings(
        figures,
        List.of(
            Aim.atLeast("idle_streams_held", IDLE, plan.idle() - lost),
            Aim.atLeast("active_streams_held", ACTIVE, plan.active() - lost),
            Aim.atMost("redis_subscriptions", MOST_SUBSCRIPTIONS, subscriptions)));
  }

  /** The limit of file descriptors of this process. */
  static final class Descriptors {
    /** For broker, Redis, jars and the like. */
    private static final long RESERVE = 256;

    private Descriptors() {}

    /**
     * @throws IllegalStateException with the remedy if the limit is too low
     */
    static void check(int streams) {
      if (ManagementFactory.getOperatingSystemMXBean()
          instanceof UnixOperatingSystemMXBean system) {
        long needed = system.getOpenFileDescriptorCount() + 2L * streams + RESERVE;
        long limit = system.getMaxFileDescriptorCount();
        if (needed > limit) {
          throw new IllegalStateException(
              "%d streams need %d file descriptors, because both ends are in this process; the limit is %d: raise it with 'ulimit -n %d', or ask for fewer with --idle and --active"
                  .formatted(streams, needed, limit, needed));
        }
      }
    }
  }

  /**
   * The memory of this process.
   *
   * @param heapBytes live objects after a collection
   * @param residentBytes resident set size of Linux
   */
  record ProcessMemory(long heapBytes, long residentBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    static ProcessMemory now() throws IOException {
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      memory.gc();
      memory.gc();
      return new ProcessMemory(memory.getHeapMemoryUsage().getUsed(), resident());
    }

    private static long resident() throws IOException {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(RESIDENT)) {
          return Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip()) * 1024;
        }
      }
      throw new IOException(STATUS + " has no line " + RESIDENT);
    }
  }
}
