package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A worker with another catalog joins, so its base is another one. A job on each of its partitions
 * must be done by the others.
 */
record MismatchDrill(Stage stage, String catalog) implements Drill {
  private static final Duration SEEN_WITHIN = Duration.ofMinutes(1);

  @Override
  public Incident run() throws InterruptedException {
    String base = CatalogFile.builtIn(catalog).model();
    String other = base.equals("tiny") ? "nano" : "tiny";
    Task task = CatalogFile.builtIn(catalog).tasks().getFirst();
    DrillCluster cluster = stage.cluster();
    Member wrong = cluster.startWorker(Map.of(), Map.of("catalog", other));
    try {
      cluster.awaitReady(wrong);
      List<Integer> partitions =
          Await.until(
              wrong.id() + " to take partitions",
              SEEN_WITHIN,
              () -> stage.api().partitions(wrong.id()));
      long begun = System.nanoTime();
      List<String> jobs = new ArrayList<>();
      for (int partition : partitions) {
        jobs.add(StrayJob.produce(stage, task, base, partition));
      }
      for (String job : jobs) {
        checkDone(job, wrong);
      }
      return Incident.since(begun);
    } finally {
      cluster.endWorker(wrong);
    }
  }

  private void checkDone(String job, Member wrong) throws InterruptedException {
    JobStatus done = stage.jobs().awaitDone(job);
    if (done.worker().filter(wrong.id()::equals).isPresent()) {
      throw new DrillFailedException(
          "job %s was drawn by %s, which has another model".formatted(job, wrong.id()));
    }
  }
}
