package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Makes consumers of the lanes and the inbox. Each belongs to one thread. Throws {@link
 * org.apache.kafka.common.KafkaException} if no broker's name resolves.
 */
public record LaneConsumers(String bootstrapServers, KafkaSecurity security) {
  private static final int INBOX_RECORDS = 200;

  /**
   * One that belongs to no group, so that it commits nothing and disturbs no worker.
   *
   * @param client its name for the broker
   */
  Consumer<byte[], byte[]> reading(String client, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, client);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        security.with(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A member of the group that reads the inbox.
   *
   * @param assignor that all members name
   */
  public Consumer<byte[], byte[]> ofInbox(String assignor) {
    return reading(
        "polyptych-dispatcher-inbox",
        Map.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            Topics.INBOX_GROUP,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            "consumer",
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
            assignor,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            INBOX_RECORDS));
  }
}
