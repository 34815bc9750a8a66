package dev.polyptych.cli.upgrade;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/**
 * What one version's processes have left in Kafka and Redis. Texts are kept as they are, other
 * bytes in base 64.
 *
 * @param at when, in milliseconds since 1970
 * @param jobs ids by what was done with them
 * @param partitions of each topic
 * @param records of all topics, each partition's in their order
 * @param keys of Redis
 */
record Recording(
    long at,
    Map<String, List<String>> jobs,
    Map<String, Integer> partitions,
    List<Message> records,
    List<Key> keys) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String BASE64 = "base64:";
  private static final Pattern MILLISECONDS = Pattern.compile("\\b1[78]\\d{11}\\b");

  record Message(
      String topic, int partition, String key, String value, Map<String, String> headers) {}

  /**
   * @param seconds that it has yet to live; -1: for ever
   * @param entries of a string: its value under ""; of a hash: by field; of a set: members to "";
   *     of a sorted set: members to scores; of a stream: ids and fields to values
   */
  record Key(String key, String type, long seconds, Map<String, String> entries) {
    /** With all times later by so many milliseconds. */
    Key moved(long milliseconds) {
      Map<String, String> moved = new TreeMap<>();
      entries.forEach(
          (name, value) -> moved.put(later(name, milliseconds), later(value, milliseconds)));
      return new Key(key, type, seconds, moved);
    }

    private static String later(String text, long milliseconds) {
      return text.startsWith(BASE64)
          ? text
          : MILLISECONDS
              .matcher(text)
              .replaceAll(time -> Long.toString(Long.parseLong(time.group()) + milliseconds));
    }
  }

  static Recording read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Recording.class);
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    JSON.writeValue(file.toFile(), this);
  }

  /** Reads all that there is. */
  static Recording of(Map<String, List<String>> jobs, String bootstrapServers, URI redis)
      throws Exception {
    Map<String, Integer> partitions = new TreeMap<>();
    List<Message> records = new ArrayList<>();
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(kafka);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (String topic : admin.listTopics().names().get()) {
        partitions.put(topic, consumer.partitionsFor(topic).size());
      }
      List<TopicPartition> all = new ArrayList<>();
      partitions.forEach(
          (topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
              all.add(new TopicPartition(topic, partition));
            }
          });
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long left = consumer.endOffsets(all).values().stream().mapToLong(Long::longValue).sum();
      while (left > 0) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          records.add(message(record));
          left--;
        }
      }
    }
    records.sort(Comparator.comparing(Message::topic).thenComparingInt(Message::partition));
    return new Recording(System.currentTimeMillis(), jobs, partitions, records, keys(redis));
  }

  private static Message message(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    return new Message(
        record.topic(), record.partition(), text(record.key()), text(record.value()), headers);
  }

  private static List<Key> keys(URI redis) {
    try (Jedis jedis = new Jedis(redis)) {
      return jedis.keys("*").stream()
          .sorted()
          .map(key -> new Key(key, jedis.type(key), jedis.ttl(key), entries(jedis, key)))
          .toList();
    }
  }

  private static Map<String, String> entries(Jedis jedis, String key) {
    byte[] raw = key.getBytes(StandardCharsets.UTF_8);
    Map<String, String> entries = new TreeMap<>();
    switch (jedis.type(key)) {
      case "string" -> entries.put("", text(jedis.get(raw)));
      case "hash" ->
          jedis.hgetAll(raw).forEach((name, value) -> entries.put(text(name), text(value)));
      case "set" -> jedis.smembers(raw).forEach(member -> entries.put(text(member), ""));
      case "zset" ->
          jedis
              .zrangeWithScores(key, 0, -1)
              .forEach(
                  one ->
                      entries.put(
                          one.getElement(), BigDecimal.valueOf(one.getScore()).toPlainString()));
      case "stream" ->
          jedis
              .xrange(key, "-", "+")
              .forEach(
                  entry ->
                      entry
                          .getFields()
                          .forEach(
                              (name, value) -> entries.put(entry.getID() + " " + name, value)));
      default -> throw new IllegalStateException(key + " is a " + jedis.type(key));
    }
    return entries;
  }

  /** Makes the topics and writes everything, as if it had been recorded just now. */
  void load(String bootstrapServers, URI redis) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(kafka)) {
      List<NewTopic> topics = new ArrayList<>();
      partitions.forEach((name, count) -> topics.add(new NewTopic(name, count, (short) 1)));
      admin.createTopics(topics).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Message record : records) {
        producer.send(produced(record)).get();
      }
    }
    try (Jedis jedis = new Jedis(redis)) {
      long later = System.currentTimeMillis() - at;
      keys.forEach(key -> load(jedis, key.moved(later)));
    }
  }

  private static ProducerRecord<byte[], byte[]> produced(Message record) {
    ProducerRecord<byte[], byte[]> produced =
        new ProducerRecord<>(
            record.topic(), record.partition(), bytes(record.key()), bytes(record.value()));
    record.headers().forEach((name, value) -> produced.headers().add(name, bytes(value)));
    return produced;
  }

  private static void load(Jedis jedis, Key key) {
    byte[] raw = key.key().getBytes(StandardCharsets.UTF_8);
    Map<String, Map<String, String>> stream =
        new TreeMap<>(Comparator.comparing(StreamEntryID::new));
    key.entries()
        .forEach(
            (name, value) -> {
              switch (key.type()) {
                case "string" -> jedis.set(raw, bytes(value));
                case "hash" -> jedis.hset(raw, bytes(name), bytes(value));
                case "set" -> jedis.sadd(raw, bytes(name));
                case "zset" -> jedis.zadd(raw, Double.parseDouble(value), bytes(name));
                default -> {
                  String[] at = name.split(" ", 2);
                  stream.computeIfAbsent(at[0], id -> new TreeMap<>()).put(at[1], value);
                }
              }
            });
    stream.forEach(
        (id, fields) ->
            jedis.xadd(key.key(), XAddParams.xAddParams().id(new StreamEntryID(id)), fields));
    if (key.seconds() > 0) {
      jedis.expire(raw, key.seconds());
    }
  }

  private static String text(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException noText) {
      return BASE64 + Base64.getEncoder().encodeToString(bytes);
    }
  }

  private static byte[] bytes(String text) {
    if (text == null) {
      return null;
    }
    return text.startsWith(BASE64)
        ? Base64.getDecoder().decode(text.substring(BASE64.length()))
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
