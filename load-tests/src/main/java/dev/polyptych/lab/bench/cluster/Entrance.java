package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** The way in which an arm submits jobs. */
interface Entrance {
  /**
   * Submits a job and does not wait for it.
   *
   * @param seed of the job
   */
  void submit(int task, long seed);

  /** A worker has drawn a job. Called on the thread that reads the worker's notices. */
  default void drawn(String worker) {}

  /**
   * @throws IllegalStateException if a job could not be submitted
   */
  void check();

  /** Chooses the partition by the adapter's hash alone. */
  record HashEntrance(DirectRecords records, BenchJobs jobs, int partitions) implements Entrance {
    @Override
    public void submit(int task, long seed) {
      String adapter = Replay.adapter(task);
      records.send(jobs.job(task, seed), PartitionRanking.first(adapter, partitions));
    }

    @Override
    public void check() {
      records.check();
    }
  }

  /** Our arm: submits over HTTP, and the dispatcher routes. */
  static final class DispatcherEntrance implements Entrance {
    private static final int ACCEPTED = 202;

    private final HttpClient http;
    private final URI jobs;
    private final BenchJobs bench;
    private final AtomicReference<Object> refusal = new AtomicReference<>();

    DispatcherEntrance(HttpClient http, URI dispatcher, BenchJobs bench) {
      this.http = http;
      this.jobs = dispatcher.resolve("/v1/jobs");
      this.bench = bench;
    }

    @Override
    public void submit(int task, long seed) {
      HttpRequest request =
          HttpRequest.newBuilder(jobs)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(bench.job(task, seed))))
              .build();
      var _ =
          http.sendAsync(request, BodyHandlers.ofString())
              .whenComplete(
                  (answer, failed) -> {
                    if (failed != null) {
                      refusal.compareAndSet(null, failed);
                    } else if (answer.statusCode() != ACCEPTED) {
                      refusal.compareAndSet(null, answer.statusCode() + " " + answer.body());
                    }
                  });
    }

    @Override
    public void check() {
      if (refusal.get() != null) {
        throw new IllegalStateException("a job was not accepted: " + refusal.get());
      }
    }
  }

  /** Jobs with few steps, made of the tasks' examples. */
  record BenchJobs(Catalog catalog, int steps) {
    static BenchJobs of(Path catalog, int steps) {
      return new BenchJobs(CatalogFile.read(catalog), steps);
    }

    JobRequest job(int task, long seed) {
      return ExampleJobs.of(catalog.tasks().get(task), seed, steps);
    }
  }
}
