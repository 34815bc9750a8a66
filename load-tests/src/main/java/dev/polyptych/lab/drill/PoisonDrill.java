package dev.polyptych.lab.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Invalid records in both lanes and in the inbox. Each must get a dead letter, and no process may
 * stop.
 */
record PoisonDrill(Stage stage, String base) implements Drill {
  private static final Duration LETTERS_WITHIN = Duration.ofMinutes(1);
  private static final int ANSWER_SECONDS = 30;

  @Override
  public Incident run() throws InterruptedException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", "127.0.0.1:" + stage.wires().broker().port());
    try (Admin admin = Admin.create(settings);
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      long before = letters(admin);
      long begun = System.nanoTime();
      List<Future<RecordMetadata>> sent =
          Stream.of(Topics.inbox(), Topics.lanes(base))
              .flatMap(List::stream)
              .flatMap(lane -> poison(lane).map(producer::send))
              .toList();
      for (Future<RecordMetadata> record : sent) {
        var _ = record.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      Await.until(
          "a dead letter for each of %d records".formatted(sent.size()),
          LETTERS_WITHIN,
          () -> Await.when(letters(admin) >= before + sent.size()));
      return Incident.since(begun);
    } catch (ExecutionException | TimeoutException away) {
      throw new DrillFailedException("the invalid records cannot be produced: " + away);
    }
  }

  private static Stream<ProducerRecord<byte[], byte[]>> poison(String lane) {
    String suffix = Integer.toHexString(lane.hashCode());
    long number = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    return Poison.values(suffix + "-" + number).stream()
        .map(value -> new ProducerRecord<>(lane, value));
  }

  private static long letters(Admin admin) throws InterruptedException {
    TopicPartition dead = new TopicPartition(Topics.DEAD, 0);
    try {
      return admin
          .listOffsets(Map.of(dead, OffsetSpec.latest()))
          .partitionResult(dead)
          .get(ANSWER_SECONDS, TimeUnit.SECONDS)
          .offset();
    } catch (ExecutionException | TimeoutException away) {
      throw new DrillFailedException("the dead topic cannot be read: " + away);
    }
  }

  /** Invalid record values. Any producer may write to a lane. */
  static final class Poison {
    /** Below the default record limit of a broker, 1 MiB. */
    private static final int HUGE_BYTES = 900_000;

    private static final String JOB =
        """
        {"v":%d,"id":"poison-%s","tenant":"default","request":\
        {"task":"%s","prompt":"%s","panels":["a","b"],"seed":1}}\
        """;

    private Poison() {}

    /**
     * Garbage, an empty value, a future version, an unknown task, and a job that is far too large.
     */
    static List<byte[]> values(String suffix) {
      return List.of(
          new byte[] {0, (byte) 0xff, (byte) 0xfe, '{', '"'},
          new byte[0],
          JOB.formatted(99, "version-" + suffix, "film-storyboard", "a fox").getBytes(UTF_8),
          JOB.formatted(1, "task-" + suffix, "no-such-task", "a fox").getBytes(UTF_8),
          JOB.formatted(1, "huge-" + suffix, "film-storyboard", "x".repeat(HUGE_BYTES))
              .getBytes(UTF_8));
    }
  }
}
