package dev.polyptych.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.Deadline;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.job.Pins;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.Connections;
import dev.polyptych.worker.config.EngineSettings;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.config.WorkerConfigReader;
import dev.polyptych.worker.render.PanelSetEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, a Redis, empty lanes and a consumer group of its own: what a test of workers needs. */
final class Bench implements AutoCloseable {
  static final int PARTITIONS = 4;

  private final String bootstrapServers;
  private final URI redisAddress;
  private final String group = "workers-" + UUID.randomUUID();
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<TopicPartition, Long> begin = new HashMap<>();
  final RedisConnection redis;
  final JobStore store;
  final JobResults results;

  private Bench(String bootstrapServers, URI redisAddress) {
    this.bootstrapServers = bootstrapServers;
    this.redisAddress = redisAddress;
    this.redis = RedisConnection.open(redisAddress);
    this.store = new JobStore(redis, Retention.DEFAULT);
    this.results = new JobResults(redis);
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    this.admin = Admin.create(settings);
  }

  static Bench shared() {
    try {
      return open(Backends.kafkaBootstrapServers(), Backends.redisUri());
    } catch (Exception away) {
      throw new IllegalStateException(away);
    }
  }

  /** As the dispatcher does at its start. */
  private void createTopics() throws InterruptedException, ExecutionException {
    List<NewTopic> topics = new ArrayList<>();
    Topics.lanes("tiny").forEach(lane -> topics.add(new NewTopic(lane, PARTITIONS, (short) 1)));
    topics.add(new NewTopic(Topics.DEAD, 1, (short) 1));
    for (var created : admin.createTopics(topics).values().values()) {
      try {
        created.get();
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof TopicExistsException)) {
          throw failed;
        }
      }
    }
  }

  static Bench open(String bootstrapServers, URI redis) throws Exception {
    Bench bench = new Bench(bootstrapServers, redis);
    bench.createTopics();
    Eventually.until("topics known to the broker", bench::knowsTopics);
    bench.emptyLanes();
    bench.begin.putAll(bench.ends());
    return bench;
  }

  private boolean knowsTopics() {
    try {
      return admin
              .describeTopics(Topics.lanes("tiny"))
              .allTopicNames()
              .get(20, TimeUnit.SECONDS)
              .values()
              .stream()
              .mapToInt(topic -> topic.partitions().size())
              .sum()
          == PARTITIONS * Topics.lanes("tiny").size();
    } catch (Exception notYet) {
      return false;
    }
  }

  Worker start(String id, PanelSetEngine engine) throws Exception {
    Worker worker = begin(id, () -> engine);
    worker.awaitReady(Duration.ofSeconds(30));
    return worker;
  }

  /** Starts without waiting. */
  Worker begin(String id, PanelSetEngine.Source source) {
    return kept(Worker.with(config(id)).engine(source).start());
  }

  /** Starts with other settings, and waits. */
  Worker startWith(String id, PanelSetEngine engine, String... keysAndValues) throws Exception {
    Worker worker = kept(Worker.with(config(id, keysAndValues)).engine(() -> engine).start());
    worker.awaitReady(Duration.ofSeconds(30));
    return worker;
  }

  /** Starts without waiting; {@code assignor} is how it asks the broker for partitions. */
  Worker beginAssignedBy(String assignor, String id, PanelSetEngine.Source source) {
    return kept(Worker.with(config(id, "assignor", assignor)).engine(source).start());
  }

  /** Starts without waiting, with other settings. */
  Worker begin(String id, PanelSetEngine.Source source, Map<String, String> others) {
    String[] flags =
        others.entrySet().stream()
            .flatMap(flag -> Stream.of(flag.getKey(), flag.getValue()))
            .toArray(String[]::new);
    return kept(Worker.with(config(id, flags)).engine(source).start());
  }

  /** Starts without waiting, with another time between checkpoints. */
  Worker begin(String id, PanelSetEngine.Source source, String checkpointSeconds) {
    return kept(
        Worker.with(config(id, "checkpointSeconds", checkpointSeconds)).engine(source).start());
  }

  /** The model that the build writes, and its adapters. */
  static EngineSettings tinyEngine() {
    return new EngineSettings(
        TinyModels.folder(),
        CatalogFile.builtIn("tiny"),
        EngineSettings.ComputeChoice.FLOAT32,
        0,
        Optional.empty(),
        new AdapterSettings(
            1 << 30,
            1 << 30,
            0,
            Set.of(),
            Duration.ofSeconds(60),
            TinyModels.folder().resolve("no-store"),
            0));
  }

  /** One that draws with the model in a folder. */
  Worker startWithModel(String id, Path model) throws Exception {
    return startWithModel(id, model, "none");
  }

  /** Likewise, with a step cache. */
  Worker startWithModel(String id, Path model, String stepCache) throws Exception {
    Worker worker =
        kept(Worker.with(config(id, "model", model.toString(), "stepCache", stepCache)).start());
    worker.awaitReady(Duration.ofSeconds(60));
    return worker;
  }

  /** One that draws with the tiny model, with other settings. */
  Worker startTiny(String id, String... keysAndValues) throws Exception {
    List<String> settings = new ArrayList<>(List.of(keysAndValues));
    settings.addAll(List.of("model", TinyModels.folder().toString()));
    Worker worker = kept(Worker.with(config(id, settings.toArray(String[]::new))).start());
    worker.awaitReady(Duration.ofSeconds(60));
    return worker;
  }

  private Worker kept(Worker worker) {
    workers.add(worker);
    return worker;
  }

  /** Of a member of the workers' group. */
  Connections connections() {
    return config("nobody").connections();
  }

  private WorkerConfig config(String id, String... keysAndValues) {
    Map<String, String> flags = new HashMap<>();
    flags.put("workerId", id);
    flags.put("bootstrapServers", bootstrapServers);
    flags.put("redis", redisAddress.toString());
    flags.put("group", group);
    flags.put("model", "none");
    flags.put("catalog", "tiny");
    flags.put("managementPort", "0");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      flags.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return WorkerConfigReader.read(Sources.of(flags));
  }

  /** A request for a task's example, at a seed. */
  static JobRequest request(String task, long seed, int steps, Optional<Deadline> until) {
    var example = CatalogFile.builtIn("tiny").task(task).orElseThrow().example();
    return JobRequest.of(
            new JobRequest.Scene(task, example.prompt(), example.panels()),
            JobRequest.SamplingChoice.of(OptionalLong.of(seed), OptionalInt.of(steps)))
        .with(JobRequest.DeliveryTerms.OPEN.until(until));
  }

  static RenderJob resolve(String id, JobRequest request) {
    return switch (new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> job;
      case Validated.Invalid<RenderJob> wrong ->
          throw new IllegalArgumentException(wrong.toString());
    };
  }

  /** Does what the dispatcher does, and returns the job. */
  RenderJob submit(String task, long seed, int steps) throws Exception {
    return submit(request(task, seed, steps, Optional.empty()));
  }

  RenderJob submit(JobRequest request) throws Exception {
    int partition = PartitionRanking.first(request.task(), PARTITIONS);
    return submitTo(partition, request, Map.of());
  }

  /** Submits a job to a partition, whatever its adapter. */
  RenderJob submitTo(int partition, JobRequest request, Map<String, String> headers)
      throws Exception {
    return submitTo(partition, resolve("t-" + UUID.randomUUID(), request), headers);
  }

  /** Submits a job that draws with these adapters. */
  RenderJob submitWith(List<PinnedAdapter> adapters, JobRequest request) throws Exception {
    RenderJob job = resolve("t-" + UUID.randomUUID(), request);
    Pins pins = job.pins();
    Pins changed =
        new Pins(
            pins.base(),
            pins.taskDigest(),
            adapters,
            pins.prompt(),
            pins.layout(),
            pins.tokens(),
            pins.sampling(),
            pins.text(),
            pins.reference());
    return submitTo(0, new RenderJob(job.id(), request, changed), Map.of());
  }

  private RenderJob submitTo(int partition, RenderJob job, Map<String, String> headers)
      throws Exception {
    store.accept(NewJob.of(job, "tester"));
    byte[] record = NewJob.of(job, "tester").record().bytes();
    long offset = produce(partition, job.adapter(), record, headers);
    store.queued(job.id(), new QueuePlace(Topics.of("tiny", Lane.INTERACTIVE), partition, offset));
    return job;
  }

  /** The last heartbeat of a worker. */
  WorkerHeartbeat heartbeat(String id) {
    return heartbeats().stream().filter(worker -> worker.id().equals(id)).findFirst().orElseThrow();
  }

  List<WorkerHeartbeat> heartbeats() {
    return new WorkerDirectory(redis).live();
  }

  /** The status code of a path of a worker's management port. */
  static int health(Worker worker, String path) {
    URI address = URI.create("http://localhost:" + worker.managementPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    } catch (InterruptedException stopping) {
      throw new IllegalStateException(stopping);
    }
  }

  void produce(int partition, String key, byte[] value) throws Exception {
    produce(partition, key, value, Map.of());
  }

  /** The offset that it got. */
  long produce(int partition, String key, byte[] value, Map<String, String> headers)
      throws Exception {
    var record =
        new ProducerRecord<>(
            Topics.of("tiny", Lane.INTERACTIVE), partition, key.getBytes(UTF_8), value);
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    return producer.send(record).get(20, TimeUnit.SECONDS).offset();
  }

  void awaitState(String job, JobState state) throws InterruptedException {
    Eventually.until(job + " is " + state, () -> is(job, state));
  }

  private boolean is(String job, JobState state) {
    try {
      return store.status(job).filter(status -> status.state() == state).isPresent();
    } catch (StoreUnavailableException restarting) {
      return false;
    }
  }

  /** How many records the group has committed of those that came since this was opened. */
  long committed() {
    return committedOffsets().entrySet().stream()
        .mapToLong(offset -> offset.getValue() - begin.get(offset.getKey()))
        .sum();
  }

  /** The offset that the group has committed of an interactive partition; -1 for none. */
  long committed(int partition) {
    return committedOffsets()
        .getOrDefault(new TopicPartition(Topics.of("tiny", Lane.INTERACTIVE), partition), -1L);
  }

  /** The group's committed offset of each partition that has one. */
  Map<TopicPartition, Long> committedOffsets() {
    try {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(20, TimeUnit.SECONDS)
          .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
      return offsets;
    } catch (Exception away) {
      throw new IllegalStateException(away);
    }
  }

  /** Commits 0 everywhere, as of a group that worked long ago. */
  void commitZeros() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> zeros = new HashMap<>();
    ends().keySet().forEach(partition -> zeros.put(partition, new OffsetAndMetadata(0)));
    admin.alterConsumerGroupOffsets(group, zeros).all().get(20, TimeUnit.SECONDS);
  }

  /** Of each partition of both lanes the offset that its next record gets. */
  Map<TopicPartition, Long> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (String lane : Topics.lanes("tiny")) {
      IntStream.range(0, PARTITIONS)
          .forEach(i -> latest.put(new TopicPartition(lane, i), OffsetSpec.latest()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get(20, TimeUnit.SECONDS)
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  /** Whether every record on the lanes is worked off and committed. */
  boolean allCommitted() {
    try {
      Map<TopicPartition, Long> committed = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(20, TimeUnit.SECONDS)
          .forEach((partition, offset) -> committed.put(partition, offset.offset()));
      return Topics.lanes("tiny").stream()
          .flatMap(lane -> all(lane).stream())
          .allMatch(
              record ->
                  committed.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)
                      > record.offset());
    } catch (Exception away) {
      throw new IllegalStateException(away);
    }
  }

  /** The dead letters whose record's value contains a text. */
  List<JsonNode> deadLetters(String text) {
    try {
      List<JsonNode> letters = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : all(Topics.DEAD)) {
        JsonNode letter = Json.mapper().readTree(record.value());
        if (new String(letter.get("value").binaryValue(), UTF_8).contains(text)) {
          letters.add(letter);
        }
      }
      return letters;
    } catch (IOException foreign) {
      throw new UncheckedIOException(foreign);
    }
  }

  /** The records of a job on a lane. */
  List<ConsumerRecord<byte[], byte[]>> records(Lane lane, String job) {
    return all(Topics.of("tiny", lane)).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(job))
        .toList();
  }

  /** What a worker tells on its management port. */
  static String metrics(Worker worker) {
    URI address = URI.create("http://localhost:" + worker.managementPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    } catch (InterruptedException stopping) {
      throw new IllegalStateException(stopping);
    }
  }

  /** The sum of a metric's samples, of those whose labels contain a text; 0 without any. */
  static double metric(Worker worker, String name, String label) {
    return metrics(worker)
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
    producer.close();
    admin.close();
    redis.close();
  }

  /** Earlier tests' records would come to our group, too. */
  void emptyLanes() throws Exception {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    ends().forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
    admin.deleteRecords(all).all().get(20, TimeUnit.SECONDS);
  }
}
