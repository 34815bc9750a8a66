package dev.polyptych.worker.intake;

import dev.polyptych.worker.config.Connections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How the worker's consumer is set up. */
public final class ConsumerSettings {
  /** A record is a few kilobytes of text. More would only be prefetched without room for it. */
  private static final int FETCH_BYTES = 64 * 1024;

  private ConsumerSettings() {}

  /** A consumer that belongs to the thread that polls it. */
  public static Consumer<byte[], byte[]> consumer(Connections connections, String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, connections.bootstrapServers());
    settings.put(
        CommonClientConfigs.BOOTSTRAP_RESOLVE_TIMEOUT_MS_CONFIG, Connections.RESOLVE_MILLIS);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, connections.group());
    settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    settings.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, connections.assignor());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    return new KafkaConsumer<>(
        connections.kafkaSecurity().with(settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
