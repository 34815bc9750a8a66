package dev.polyptych.lab.drill;

import dev.polyptych.cli.command.Home;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A worker's adapter file never answers: a FIFO stands in its place, as on a dead mount. A job with
 * that adapter on the worker's own partition must be done by another worker, and this worker must
 * go on with other jobs.
 */
record HungDrill(Stage stage, String catalog, Path folder) implements Drill {
  private static final Duration SEEN_WITHIN = Duration.ofMinutes(1);
  private static final Duration BACK_WITHIN = Duration.ofMinutes(3);
  private static final String SUFFIX = ".safetensors";

  @Override
  public Incident run() throws InterruptedException {
    Task task = CatalogFile.builtIn(catalog).tasks().getFirst();
    DrillCluster cluster = stage.cluster();
    Path model = model(task.adapter());
    Member hung =
        cluster.startWorker(Map.of(), Map.of("model", model.toString(), "adapterReadSeconds", "5"));
    try {
      cluster.awaitReady(hung);
      List<Integer> partitions =
          Await.until(
              hung.id() + " to take partitions",
              SEEN_WITHIN,
              () -> stage.api().partitions(hung.id()));
      long begun = System.nanoTime();
      String job = StrayJob.produce(stage, CatalogFile.builtIn(catalog), partitions.getFirst());
      JobStatus done = stage.jobs().awaitDone(job);
      if (done.worker().filter(hung.id()::equals).isPresent()) {
        throw new DrillFailedException(hung.id() + " drew with an adapter that it can't read");
      }
      Incident incident = Incident.since(begun);
      awaitAtWork(hung, Instant.now());
      return incident;
    } finally {
      cluster.endWorker(hung);
    }
  }

  private void awaitAtWork(Member hung, Instant since) throws InterruptedException {
    Await.until(
        hung.id() + " to do another job",
        BACK_WITHIN,
        () ->
            stage.api().jobs(JobState.DONE).stream()
                .filter(job -> job.worker().filter(hung.id()::equals).isPresent())
                .filter(job -> job.times().finished().filter(since::isBefore).isPresent())
                .findFirst());
  }

  /** The built-in model, with a FIFO in place of an adapter. */
  private Path model(String adapter) throws InterruptedException {
    Path source = Home.builtInModel().folder().toAbsolutePath();
    try {
      Path copy = Files.createTempDirectory(Files.createDirectories(folder), "hung");
      link(source, copy, "adapters");
      Path adapters = Files.createDirectory(copy.resolve("adapters"));
      link(source.resolve("adapters"), adapters, adapter + SUFFIX);
      Path pipe = adapters.resolve(adapter + SUFFIX);
      int status = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("mkfifo ended with status " + status);
      }
      return copy;
    } catch (IOException failed) {
      throw new UncheckedIOException("a copy of the model can't be made", failed);
    }
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.getFileName().toString().equals(except)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
      }
    }
  }
}
