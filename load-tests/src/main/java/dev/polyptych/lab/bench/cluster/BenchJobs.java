package dev.polyptych.lab.bench.cluster;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The tasks' examples, as jobs of a few steps. */
record BenchJobs(Catalog catalog, int steps) {
  static BenchJobs of(Path catalog, int steps) {
    return new BenchJobs(CatalogFile.read(catalog), steps);
  }

  JobRequest job(int task, long seed) {
    Task drawn = catalog.tasks().get(task);
    return JobRequest.of(
        new JobRequest.Scene(drawn.id(), drawn.example().prompt(), drawn.example().panels()),
        JobRequest.SamplingChoice.of(OptionalLong.of(seed), OptionalInt.of(steps)));
  }
}
