package dev.polyptych.dispatcher.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RecordHeaders;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.StoreContinuity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the states of jobs anew that Redis has lost. Whenever Redis may have lost writes, it reads
 * the lanes: all records that wait, and those that were written since the loss. A job that is not
 * in Redis is adopted, so it is known again at once. If its record is committed, the {@link
 * Reconciler} produces it again: its images were lost, too. One thread at a time; blocks.
 */
public final class LostStates {
  private static final Logger LOG = LoggerFactory.getLogger(LostStates.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private final StoreContinuity continuity;
  private final Adoption adoption;
  private final JobStore store;
  private final Catalog catalog;
  private final JobResolver resolver;
  private final LaneView lanes;
  private final Map<String, Object> settings;
  private final SweepMetrics metrics;
  private final Clock clock;

  public LostStates(
      StoreContinuity continuity,
      Adoption adoption,
      JobStore store,
      Catalog catalog,
      LaneView lanes,
      String bootstrapServers,
      KafkaSecurity security,
      SweepMetrics metrics,
      Clock clock) {
    this.continuity = continuity;
    this.adoption = adoption;
    this.store = store;
    this.catalog = catalog;
    this.resolver = new JobResolver(catalog);
    this.lanes = lanes;
    this.settings =
        security.with(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "polyptych-dispatcher-lost-states",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false));
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Looks whether Redis may have lost writes. If so, reads the lanes.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  void round() throws InterruptedException {
    Instant begun = clock.instant();
    Optional<Instant> since = continuity.lossSince(begun);
    if (since.isEmpty() || recovered(since.get())) {
      continuity.confirm(begun);
    }
  }

  /** False when the broker is away. */
  private boolean recovered(Instant since) throws InterruptedException {
    Optional<Map<Lane, List<LaneWindow>>> windows = lanes.windows();
    if (windows.isEmpty()) {
      return false;
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      read(consumer, positions(windows.get()), since);
      return true;
    } catch (KafkaException away) {
      LOG.warn("jobs that Redis has lost can't be looked for: {}", away.toString());
      return false;
    }
  }

  private static Map<TopicPartition, LaneWindow> positions(Map<Lane, List<LaneWindow>> lanes) {
    Map<TopicPartition, LaneWindow> all = new HashMap<>();
    lanes.forEach(
        (lane, windows) -> {
          for (int i = 0; i < windows.size(); i++) {
            all.put(new TopicPartition(Topics.of(lane), i), windows.get(i));
          }
        });
    return all;
  }

  private void read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, LaneWindow> windows,
      Instant since) {
    Map<TopicPartition, Long> times = new HashMap<>();
    windows.keySet().forEach(partition -> times.put(partition, since.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(times);
    consumer.assign(windows.keySet());
    windows.forEach(
        (partition, window) -> {
          OffsetAndTimestamp found = first.get(partition);
          long waiting = Math.max(window.begin(), window.settled());
          consumer.seek(partition, found == null ? waiting : Math.min(waiting, found.offset()));
        });
    int adopted = 0;
    long answered = System.nanoTime();
    while (windows.entrySet().stream()
        .anyMatch(window -> consumer.position(window.getKey()) < window.getValue().end())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        adopted += look(record, record.offset() < windows.get(partition).settled()) ? 1 : 0;
        answered = System.nanoTime();
      }
      if (System.nanoTime() - answered > SILENCE.toNanos()) {
        throw new KafkaException("the broker stopped returning records");
      }
    }
    if (adopted > 0) {
      LOG.warn(
          "Redis had lost the states of {} jobs; they were made anew from Kafka. Jobs that had"
              + " ended since {} are drawn again",
          adopted,
          since);
    }
  }

  /** Whether the record's job was adopted. */
  private boolean look(ConsumerRecord<byte[], byte[]> raw, boolean settled) {
    boolean ours =
        text(raw, Topics.HEADER_BASE).filter(base -> !base.equals(catalog.model())).isEmpty();
    boolean direct = text(raw, Topics.HEADER_DIRECT).filter("1"::equals).isPresent();
    // A worker makes the state of a job that a backend produced when it gets it.
    if (!ours
        || (direct && !settled)
        || !(RenderRecord.read(raw.value()) instanceof Validated.Valid<RenderRecord>(var record))
        || !(resolver.resolveAccepted(record.id(), record.request())
            instanceof Validated.Valid<RenderJob>(RenderJob job))) {
      return false;
    }
    QueuePlace place = new QueuePlace(raw.partition(), raw.offset());
    Optional<JobStatus> known = store.status(job.id());
    if (known.filter(status -> status.state() == JobState.ACCEPTED).isPresent()) {
      store.queued(job.id(), place);
    }
    boolean adopted = known.isEmpty() && adoption.adopt(NewJob.of(job, record));
    if (adopted) {
      metrics.adopted();
    }
    store.moved(job.id(), RecordHeaders.version(name -> text(raw, name)), place);
    return adopted;
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String header) {
    return Optional.ofNullable(record.headers().lastHeader(header))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }
}
