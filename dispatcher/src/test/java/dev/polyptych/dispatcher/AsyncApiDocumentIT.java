package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.StreamEntryID;

/** {@code asyncapi.yaml} and what goes over Kafka and Redis say the same. */
class AsyncApiDocumentIT {
  private static final String FOLDER = "/dev/polyptych/schema/";
  private static final JsonNode DOCUMENT = read("asyncapi.yaml");

  static List<Class<?>> records() {
    return List.of(RenderRecord.class, DeadLetter.class, DeadLetter.Origin.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  void aRecordHasTheFieldsOfItsSchema(Class<?> type) {
    assertEquals(
        Arrays.stream(type.getRecordComponents())
            .map(AsyncApiDocumentIT::written)
            .collect(Collectors.toCollection(TreeSet::new)),
        names(schema(type.getSimpleName()).path("properties")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RenderRecord", "DeadLetter", "Origin", "Announcement", "EventFields"})
  void whatIsRequiredIsDescribed(String name) {
    Set<String> described = names(schema(name).path("properties"));

    schema(name)
        .path("required")
        .forEach(field -> assertTrue(described.contains(field.textValue()), field::toString));
  }

  @Test
  void theHeadersAreThoseThatAreRead() throws IllegalAccessException {
    Set<String> ours = new TreeSet<>();
    for (var field : Topics.class.getFields()) {
      if (field.getName().startsWith("HEADER_")) {
        ours.add((String) field.get(null));
      }
    }

    assertEquals(ours, names(schema("RenderHeaders").path("properties")));
  }

  @Test
  void theTopicsAreThoseThatAreMade() {
    Set<String> ours = new TreeSet<>(Topics.inbox());
    ours.add(Topics.DEAD);

    assertEquals(
        ours,
        DOCUMENT
            .path("channels")
            .valueStream()
            .filter(channel -> channel.at("/servers/0/$ref").textValue().endsWith("kafka"))
            .map(channel -> channel.path("address").textValue())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = DOCUMENT.findValuesAsText("$ref");

    assertTrue(references.size() > 20, references::toString);
    for (String reference : references) {
      String[] parts = reference.split("#", 2);
      JsonNode target = parts[0].isEmpty() ? DOCUMENT : read(parts[0]);
      assertTrue(target.at(parts[1]).isObject(), reference);
    }
  }

  @Test
  void theExampleIsARecordThatADispatcherTakes() {
    JsonNode example = DOCUMENT.at("/components/messages/Render/examples/0/payload");

    RenderRecord record = read(example);

    Instant made = JobId.time(record.id()).orElseThrow();
    var rules = new DirectRules(Duration.ofDays(30));
    assertEquals(List.of(), rules.problems(record, Lane.INTERACTIVE, made));
    assertInstanceOf(
        Validated.Valid.class,
        new JobResolver(CatalogFile.builtIn("flux.1-dev")).resolve(record.id(), record.request()));
    assertTrue(
        record.id().matches(schema("RenderRecord").at("/properties/id/pattern").textValue()));
    assertTrue(
        JobId.next(Clock.systemUTC())
            .matches(schema("RenderRecord").at("/properties/id/pattern").textValue()));
  }

  @Test
  void eventsHaveTheFieldsThatAreDescribedOnStreamAndChannel() throws Exception {
    RenderRecord record = read(DOCUMENT.at("/components/messages/Render/examples/0/payload"));
    String id = JobId.next(Clock.systemUTC());
    BlockingQueue<String> announced = new LinkedBlockingQueue<>();
    try (RedisConnection redis = RedisConnection.open(Backends.redisUri());
        Channel _ = Channel.open(redis, announced)) {
      JobStore store = new JobStore(redis, Retention.DEFAULT);
      store.adopt(NewJob.of(job(id, record), "shop"));
      store.claim(id, Claimant.of("w-1"));
      store.progress(id, 1, 1, "cHJldmlldw==");
      String stream = DOCUMENT.at("/channels/jobEvents/address").textValue().replace("{id}", id);

      var entries =
          redis.call(
              jedis -> jedis.xrange(stream, StreamEntryID.MINIMUM_ID, StreamEntryID.MAXIMUM_ID));

      JsonNode described = schema("EventFields");
      assertEquals(3, entries.size());
      assertEquals(names(described.path("properties")), entries.getLast().getFields().keySet());
      assertEquals(
          described
              .path("required")
              .valueStream()
              .map(JsonNode::textValue)
              .collect(Collectors.toCollection(TreeSet::new)),
          new TreeSet<>(entries.getFirst().getFields().keySet()));
      JsonNode first = Json.mapper().readTree(next(announced, id));
      assertEquals(names(schema("Announcement").path("properties")), names(first));
      assertEquals(entries.getFirst().getID().toString(), first.path("id").textValue());
      assertEquals(entries.getFirst().getFields().keySet(), names(first.path("fields")));
    }
  }

  /** Other tests' jobs are announced there, too. */
  private static String next(BlockingQueue<String> announced, String id)
      throws InterruptedException {
    String text;
    do {
      text = announced.poll(30, TimeUnit.SECONDS);
      assertTrue(text != null, "no event of " + id);
    } while (!text.contains(id));
    return text;
  }

  /** The events channel as its description names it. */
  private record Channel(JedisPubSub subscription, Thread thread) implements AutoCloseable {
    static Channel open(RedisConnection redis, BlockingQueue<String> into)
        throws InterruptedException {
      CountDownLatch subscribed = new CountDownLatch(1);
      JedisPubSub subscription =
          new JedisPubSub() {
            @Override
            public void onMessage(String channel, String text) {
              into.add(text);
            }

            @Override
            public void onSubscribe(String channel, int channels) {
              subscribed.countDown();
            }
          };
      String address = DOCUMENT.at("/channels/events/address").textValue();
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () ->
                      redis.call(
                          jedis -> {
                            jedis.subscribe(subscription, address);
                            return address;
                          }));
      assertTrue(subscribed.await(30, TimeUnit.SECONDS));
      return new Channel(subscription, thread);
    }

    @Override
    public void close() {
      subscription.unsubscribe();
      try {
        assertTrue(thread.join(Duration.ofSeconds(30)));
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  private static RenderJob job(String id, RenderRecord record) {
    return ((Validated.Valid<RenderJob>)
            new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, record.request()))
        .value();
  }

  private static RenderRecord read(JsonNode example) {
    return ((Validated.Valid<RenderRecord>) RenderRecord.read(Json.bytes(example))).value();
  }

  private static JsonNode schema(String name) {
    JsonNode schema = DOCUMENT.path("components").path("schemas").path(name);
    assertTrue(schema.isObject(), () -> "no schema " + name);
    return schema;
  }

  private static String written(RecordComponent component) {
    JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
    return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read(String document) {
    try (InputStream yaml = RenderRecord.class.getResourceAsStream(FOLDER + document)) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
