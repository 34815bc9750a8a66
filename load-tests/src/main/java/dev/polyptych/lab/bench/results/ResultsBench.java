package dev.polyptych.lab.bench.results;

import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.IdempotencyKey;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.ResultLocation;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.Verdict;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Finishes jobs with images as a worker does, reads all images back as a dispatcher does, and
 * measures the memory of Redis meanwhile.
 */
public final class ResultsBench {
  /** As a worker publishes. */
  private static final int AT_ONCE = 4;

  private static final int DIFFERENT_SETS = 8;

  /** What any first set costs once, such as scripts and buffers, is no matter of sets. */
  private static final int WARM_UP = 8;

  private static final int SAMPLES = 20;
  private static final double MEGABYTE = 1e6;

  /** Hash, events and tombstone of a job stay in Redis. */
  private static final double MOST_BYTES_A_SET = 10_000;

  private final Catalog catalog;
  private final Task task;
  private final SampleSets samples;
  private final Consumer<String> progress;

  /**
   * @param task the sets are of its layout
   */
  public ResultsBench(Catalog catalog, Task task, Consumer<String> progress) {
    this.catalog = catalog;
    this.task = task;
    this.samples = new SampleSets(task.layout(), DIFFERENT_SETS);
    this.progress = progress;
  }

  /**
   * @param objects where images go; empty for Redis
   * @throws IllegalStateException when an image is not read as it was stored
   */
  public Findings run(int sets, RedisConnection redis, Optional<ObjectStore> objects)
      throws InterruptedException {
    Part part = new Part(objects.isPresent() ? "objects" : "redis", redis, objects);
    part.all(0, WARM_UP, done -> {});
    List<Long> memory = new ArrayList<>(List.of(part.usedBytes()));
    int every = Math.max(1, sets / SAMPLES);
    long begin = System.nanoTime();
    long bytes =
        part.all(
            WARM_UP,
            sets,
            done -> {
              if (done % every == 0) {
                memory.add(part.usedBytes());
                progress.accept(part.line(done, sets, memory.getLast()));
              }
            });
    double seconds = (System.nanoTime() - begin) / 1e9;
    memory.add(part.usedBytes());
    return part.findings(sets, bytes, seconds, memory);
  }

  /** One of the two places. */
  private final class Part {
    private final String place;
    private final RedisConnection redis;
    private final JobStore jobs;
    private final JobResults results;
    private final Optional<ResultObjects> objects;

    Part(String place, RedisConnection redis, Optional<ObjectStore> objects) {
      this.place = place;
      this.redis = redis;
      this.jobs = new JobStore(redis, Retention.DEFAULT);
      this.results = new JobResults(redis);
      this.objects =
          objects.map(store -> new ResultObjects(store, redis, Retention.DEFAULT.results()));
    }

    /** Returns the bytes that were stored, and read. */
    long all(int first, int count, Consumer<Integer> done) throws InterruptedException {
      long bytes = 0;
      try (ExecutorService threads =
          Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().name("set-", 0).factory())) {
        var sets = new ExecutorCompletionService<Long>(threads);
        for (int number = first; number < first + count; number++) {
          int own = number;
          sets.submit(() -> stored(own));
        }
        for (int ended = 1; ended <= count; ended++) {
          bytes += sets.take().get();
          done.accept(ended);
        }
      } catch (ExecutionException failed) {
        throw new IllegalStateException("a set was not stored or read", failed.getCause());
      }
      return bytes;
    }

    private long stored(int number) throws IOException {
      RenderJob job = job(number);
      RenderedSet images = samples.get(number);
      expect(jobs.accept(NewJob.of(job, TenantId.DEFAULT)) == Verdict.DONE, job);
      if (!(jobs.claim(job.id(), Claimant.of("bench")) instanceof Claim.Granted claim)) {
        throw new IllegalStateException("job " + job.id() + " can't be claimed");
      }
      expect(finish(job, claim.attempt(), images) == Verdict.DONE, job);
      long bytes = 0;
      for (int image = 0; image <= images.panels().size(); image++) {
        byte[] stored = image == 0 ? images.sheet() : images.panels().get(image - 1);
        expect(Arrays.equals(stored, read(job, image)), job);
        bytes += stored.length;
      }
      return bytes;
    }

    private Verdict finish(RenderJob job, int attempt, RenderedSet images) {
      if (objects.isEmpty()) {
        return jobs.finish(job.id(), attempt, images);
      }
      ResultLocation location =
          objects
              .get()
              .put(
                  TenantId.DEFAULT,
                  job.id(),
                  attempt,
                  job.format(),
                  images,
                  Clock.systemUTC().instant());
      return jobs.finish(job.id(), attempt, location, images.receipt());
    }

    private byte[] read(RenderJob job, int image) throws IOException {
      if (objects.isEmpty()) {
        return (image == 0 ? results.sheet(job.id()) : results.panel(job.id(), image))
            .orElseThrow();
      }
      ResultLocation location = results.location(job.id()).orElseThrow();
      try (StoredObject object = objects.get().open(location, image, job.format()).orElseThrow()) {
        byte[] bytes = object.bytes().readAllBytes();
        expect(IdempotencyKey.digest(bytes).equals(location.digest(image)), job);
        return bytes;
      }
    }

    private RenderJob job(int number) {
      String id = JobId.next(Clock.systemUTC());
      return switch (new JobResolver(catalog).resolve(id, ExampleJobs.of(task, number, 1))) {
        case Validated.Valid<RenderJob>(RenderJob job) -> job;
        case Validated.Invalid<RenderJob>(var problems) ->
            throw new IllegalArgumentException(problems.toString());
      };
    }

    private static void expect(boolean so, RenderJob job) {
      if (!so) {
        throw new IllegalStateException("job " + job.id() + " is not as it was stored");
      }
    }

    long usedBytes() {
      return redis.memory().usedBytes();
    }

    String line(int done, int sets, long used) {
      return "results in %s: %d of %d sets, Redis holds %.1f MB"
          .formatted(place, done, sets, used / MEGABYTE);
    }

    Findings findings(int sets, long bytes, double seconds, List<Long> memory) {
      double before = memory.getFirst();
      double after = memory.getLast();
      double most = memory.stream().mapToLong(Long::longValue).max().orElseThrow();
      double growth = (after - before) / sets;
      String name = place + "_";
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put(name + "sets", (double) sets);
      figures.put(name + "image_mb", bytes / MEGABYTE);
      figures.put(name + "image_mb_per_set", bytes / MEGABYTE / sets);
      figures.put(name + "sets_per_second", sets / seconds);
      figures.put(name + "used_memory_mb_before", before / MEGABYTE);
      figures.put(name + "used_memory_mb_most", most / MEGABYTE);
      figures.put(name + "used_memory_mb_after", after / MEGABYTE);
      figures.put(name + "used_memory_bytes_per_set", growth);
      return new Findings(
          figures,
          objects.isPresent()
              ? List.of(Aim.below("used_memory_bytes_per_set", MOST_BYTES_A_SET, growth))
              : List.of());
    }
  }
}
