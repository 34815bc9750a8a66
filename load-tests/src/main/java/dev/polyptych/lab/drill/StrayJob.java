package dev.polyptych.lab.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Jobs put on a worker's own partition, though the dispatcher would send them elsewhere. */
final class StrayJob {
  private static final int STEPS = 4;
  private static final int ANSWER_SECONDS = 30;

  private StrayJob() {}

  /**
   * Produces a job as a backend does.
   *
   * @param base model that the job is for
   * @return its id
   */
  static String produce(Stage stage, Task task, String base, int partition)
      throws InterruptedException {
    String id = JobId.next(Clock.systemUTC());
    byte[] value =
        new RenderRecord(
                id,
                TenantId.DEFAULT,
                ExampleJobs.of(task, partition, STEPS, Lane.INTERACTIVE).withSeed(partition))
            .bytes();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.of(Lane.INTERACTIVE), partition, task.adapter().getBytes(UTF_8), value);
    record.headers().add(Topics.HEADER_DIRECT, "1".getBytes(UTF_8));
    record.headers().add(Topics.HEADER_BASE, base.getBytes(UTF_8));
    Map<String, Object> settings =
        Map.of("bootstrap.servers", "127.0.0.1:" + stage.wires().broker().port());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return id;
    } catch (ExecutionException | TimeoutException away) {
      throw new DrillFailedException("a job cannot be produced: " + away);
    }
  }
}
