package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A worker with another catalog joins, so its base is another one. It must take no partition of the
 * others' lanes, and a job on each of them must be done by the others.
 */
record MismatchDrill(Stage stage, String catalog) implements Drill {
  @Override
  public Incident run() throws InterruptedException {
    Catalog own = CatalogFile.builtIn(catalog);
    String other = own.model().equals("tiny") ? "nano" : "tiny";
    DrillCluster cluster = stage.cluster();
    Member wrong = cluster.startWorker(Map.of(), Map.of("catalog", other));
    try {
      cluster.awaitReady(wrong);
      long begun = System.nanoTime();
      List<String> jobs = new ArrayList<>();
      for (int partition = 0; partition < DrillCluster.PARTITIONS; partition++) {
        jobs.add(StrayJob.produce(stage, own, partition));
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
