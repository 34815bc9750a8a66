package dev.polyptych.lab.bench.cluster;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The tasks' examples, as jobs of a few steps. */
record BenchJobs(Catalog catalog, int steps) {
  static BenchJobs of(Path catalog, int steps) {
    return new BenchJobs(CatalogFile.read(catalog), steps);
  }

  JobRequest job(int task, long seed) {
    Task drawn = catalog.tasks().get(task);
    return new JobRequest(
        drawn.id(),
        drawn.example().prompt(),
        drawn.example().panels(),
        OptionalLong.of(seed),
        OptionalInt.of(steps),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
