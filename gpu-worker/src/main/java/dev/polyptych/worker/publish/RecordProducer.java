package dev.polyptych.worker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.worker.config.Connections;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.JobHeaders;
import dev.polyptych.worker.intake.Stray;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces dead letters, next tries and handed-over jobs, and waits for the broker's
 * acknowledgement. Blocks: call from virtual threads. Safe for all threads.
 */
public final class RecordProducer implements AutoCloseable {
  private static final int DELIVERY_MILLIS = 15_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Producer<byte[], byte[]> producer;

  public RecordProducer(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  public static RecordProducer connect(Connections connections, String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, connections.bootstrapServers());
    settings.put(
        CommonClientConfigs.BOOTSTRAP_RESOLVE_TIMEOUT_MS_CONFIG, Connections.RESOLVE_MILLIS);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
    return new RecordProducer(
        new KafkaProducer<>(
            connections.kafkaSecurity().with(settings),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  /**
   * Produces a job to the same partition, as its next try. It keeps its age.
   *
   * @return partition and offset of the new record
   * @throws BrokerUnavailableException when the broker did not acknowledge
   */
  QueuePlace again(Delivery delivery, JobHeaders next) {
    return produce(delivery, delivery.position().partition().partition(), next);
  }

  /**
   * Produces a job to another partition of its lane. It keeps its age, its try and its trace.
   *
   * @return partition and offset of the new record
   * @throws BrokerUnavailableException when the broker did not acknowledge. It may still have the
   *     record
   */
  public QueuePlace handOver(Delivery delivery, int partition) {
    return produce(delivery, partition, delivery.headers().handedOver());
  }

  /**
   * Produces a job that this worker can't draw to a partition of its lane. It keeps its age, its
   * try and its trace.
   *
   * @throws BrokerUnavailableException as {@link #handOver}
   */
  public QueuePlace passOn(Stray stray, int partition) {
    return produce(stray.delivery(), partition, stray.headers().passedOn());
  }

  private QueuePlace produce(Delivery delivery, int partition, JobHeaders headers) {
    return send(
        new ProducerRecord<>(
            delivery.position().partition().topic(),
            partition,
            delivery.arrivedAt().toEpochMilli(),
            delivery.adapter().getBytes(UTF_8),
            delivery.record().bytes(),
            headers.kafka(delivery.record().tenant())));
  }

  /**
   * @throws BrokerUnavailableException when the broker did not acknowledge
   */
  void dead(DeadLetter letter) {
    byte[] key = letter.job().map(job -> job.getBytes(UTF_8)).orElse(null);
    send(new ProducerRecord<>(Topics.DEAD, key, letter.bytes()));
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private QueuePlace send(ProducerRecord<byte[], byte[]> record) {
    try {
      RecordMetadata written =
          producer.send(record).get(2 * DELIVERY_MILLIS, TimeUnit.MILLISECONDS);
      return new QueuePlace(written.topic(), written.partition(), written.offset());
    } catch (ExecutionException | TimeoutException | KafkaException refused) {
      throw new BrokerUnavailableException(record.topic() + ": " + refused.getMessage(), refused);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new BrokerUnavailableException(record.topic() + ": the worker stops", stopping);
    }
  }
}
