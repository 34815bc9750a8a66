package dev.polyptych.dispatcher.enqueue;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Our two clients of one broker cluster; both are safe for any number of threads. */
record KafkaClients(Admin admin, Producer<String, byte[]> producer) implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(6);
  private static final int BATCH_BYTES = 256 * 1024;

  /**
   * @throws org.apache.kafka.common.KafkaException when no broker's name resolves, too: the clients
   *     can't be made before that
   */
  static KafkaClients open(String bootstrapServers) {
    Admin admin = Admin.create(adminSettings(bootstrapServers));
    try {
      return new KafkaClients(
          admin,
          new KafkaProducer<>(
              producerSettings(bootstrapServers),
              new StringSerializer(),
              new ByteArraySerializer()));
    } catch (RuntimeException unusable) {
      admin.close(Duration.ZERO);
      throw unusable;
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
    admin.close(Duration.ZERO);
  }

  private static Map<String, Object> adminSettings(String bootstrapServers) {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        AdminClientConfig.CLIENT_ID_CONFIG,
        "polyptych-dispatcher",
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
        2_000,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        5_000);
  }

  /** A caller waits for the outcome: at most 3 s for a buffer or metadata, 5 s for the ack. */
  private static Map<String, Object> producerSettings(String bootstrapServers) {
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
        Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "polyptych-dispatcher"),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
        // Batches form while a request is in flight, so there is one at a time; a lone job need
        // not wait.
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
        Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000),
        Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000),
        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 5_000));
  }
}
