package dev.polyptych.lab.drill;

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

/** Records that are no jobs, in both lanes: each must get a dead letter and stop nobody. */
record PoisonDrill(Stage stage) implements Drill {
  private static final Duration BURIED_WITHIN = Duration.ofMinutes(1);
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
          Topics.lanes().stream().flatMap(lane -> poison(lane).map(producer::send)).toList();
      for (Future<RecordMetadata> record : sent) {
        var _ = record.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      Await.until(
          "a dead letter for each of %d records".formatted(sent.size()),
          BURIED_WITHIN,
          () -> Await.when(letters(admin) >= before + sent.size()));
      return Incident.since(begun);
    } catch (ExecutionException | TimeoutException away) {
      throw new DrillFailedException("poison can't be produced: " + away);
    }
  }

  private static Stream<ProducerRecord<byte[], byte[]>> poison(String lane) {
    String suffix = lane.substring(lane.lastIndexOf('.') + 1);
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
      throw new DrillFailedException("the dead topic can't be read: " + away);
    }
  }
}
