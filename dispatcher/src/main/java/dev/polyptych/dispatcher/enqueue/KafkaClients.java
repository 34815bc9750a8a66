package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.config.KafkaSecurity;
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

  /**
   * @throws org.apache.kafka.common.KafkaException if the clients can't be created, for instance
   *     because no broker's name resolves
   */
  static KafkaClients open(String bootstrapServers, KafkaSecurity security) {
    Admin admin = Admin.create(security.with(adminSettings(bootstrapServers)));
    try {
      return new KafkaClients(
          admin,
          new KafkaProducer<>(
              security.with(producerSettings(bootstrapServers)),
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

  /** A caller waits for the outcome: at most 3 s for a buffer or metadata, and 5 s for the ack. */
  private static Map<String, Object> producerSettings(String bootstrapServers) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ProducerConfig.CLIENT_ID_CONFIG,
        "polyptych-dispatcher",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        // Batches form while requests are in flight. A lone job is sent immediately.
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        3_000,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        3_000,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        5_000);
  }
}
