package dev.polyptych.lab.drill;

import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.LaneJob;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.Lane;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Jobs put on a worker's own partition, though the dispatcher would send them elsewhere. */
final class StrayJob {
  private static final int STEPS = 4;
  private static final int ANSWER_SECONDS = 30;

  private StrayJob() {}

  /**
   * Produces a job of a catalog's first task.
   *
   * @return its id
   */
  static String produce(Stage stage, Catalog catalog, int partition) throws InterruptedException {
    JobRequest request =
        ExampleJobs.of(catalog.tasks().getFirst(), partition, STEPS, Lane.INTERACTIVE)
            .withSeed(partition);
    LaneJob job = LaneJob.of(catalog, request, partition, 0);
    Map<String, Object> settings =
        Map.of("bootstrap.servers", "127.0.0.1:" + stage.wires().broker().port());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(job.record()).get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return job.id();
    } catch (ExecutionException | TimeoutException away) {
      throw new DrillFailedException("a job cannot be produced: " + away);
    }
  }
}
