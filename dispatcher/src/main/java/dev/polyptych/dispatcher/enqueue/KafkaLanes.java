package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.dispatcher.trace.TraceContexts;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.NewJob;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes on Kafka, and the inbox. {@link #problem} creates the clients. Nothing is written
 * before it has seen the topics: producing to a missing topic could create it with the wrong number
 * of partitions.
 */
public final class KafkaLanes implements LaneWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaLanes.class);
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final String bootstrapServers;
  private final KafkaSecurity security;
  private final int partitions;
  private final String base;
  private final Tracer tracer;
  private volatile KafkaClients clients;

  /** Used by the probe alone. */
  private boolean seen;

  private volatile boolean ready;

  /**
   * @param partitions of each lane, used to create missing topics
   * @param base id of the model whose lanes are made where they are missing
   * @param tracer for the spans of writing
   */
  public KafkaLanes(
      String bootstrapServers, KafkaSecurity security, int partitions, String base, Tracer tracer) {
    this.bootstrapServers = bootstrapServers;
    this.security = security;
    this.partitions = partitions;
    this.base = base;
    this.tracer = tracer;
  }

  /**
   * What is wrong with broker or lanes, and the remedy; empty if they can be written. Makes missing
   * topics until it has seen the lanes once: lanes that were deleted had jobs, and empty ones must
   * not hide that. Blocks for a few seconds at most; only one thread may call it at a time.
   */
  public Optional<String> problem() throws InterruptedException {
    Optional<String> problem = look();
    ready = problem.isEmpty();
    return problem;
  }

  private Optional<String> look() throws InterruptedException {
    try {
      if (clients == null) {
        clients = KafkaClients.open(bootstrapServers, security);
      }
      TopicSetup topics = new TopicSetup(clients.admin(), base);
      Set<String> missing = topics.missing(PROBE);
      if (seen && Topics.lanes(base).stream().anyMatch(missing::contains)) {
        return Optional.of(
            ("lanes were deleted on Kafka at %s, and the jobs in them with them: make %s with %d"
                    + " partitions again, or restart a dispatcher, which does")
                .formatted(bootstrapServers, Topics.lanes(base), partitions));
      }
      topics.create(missing, partitions);
      seen = true;
      return Optional.empty();
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
      LOG.debug("no look at the lanes", away);
      return Optional.of(
          "Kafka at %s does not answer%s: start it, or name another one in the setting"
                  .formatted(bootstrapServers, reason(away))
              + " bootstrapServers");
    }
  }

  /** Empty for a timeout: nobody is there, and each kind of timeout says so in other words. */
  private static String reason(Exception away) {
    Throwable cause = away instanceof ExecutionException failed ? failed.getCause() : away;
    return cause instanceof TimeoutException
            || cause instanceof org.apache.kafka.common.errors.TimeoutException
        ? ""
        : " (" + cause.getMessage() + ")";
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public int partitions(String of, Lane lane)
      throws LaneUnavailableException, InterruptedException {
    try {
      return clients.producer().partitionsFor(Topics.of(of, lane)).size();
    } catch (InterruptException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    } catch (KafkaException | IllegalStateException away) {
      throw new LaneUnavailableException(away.toString(), away);
    }
  }

  @Override
  public QueuePlace write(NewJob job, RecordVersion version, TraceParent trace, int partition)
      throws LaneUnavailableException, InterruptedException {
    return write(job, version, trace, Optional.empty(), partition);
  }

  /**
   * As the other one.
   *
   * @param notBefore when the job may be begun; empty for at once
   */
  public QueuePlace write(
      NewJob job,
      RecordVersion version,
      TraceParent trace,
      Optional<Instant> notBefore,
      int partition)
      throws LaneUnavailableException, InterruptedException {
    Span span = span(job.job(), trace);
    TraceParent sent = TraceContexts.parentOf(span.getSpanContext()).orElse(trace);
    try {
      ProducerRecord<String, byte[]> record = record(job, version, sent, partition);
      notBefore.ifPresent(
          at ->
              record
                  .headers()
                  .add(Topics.HEADER_NOT_BEFORE, Long.toString(at.toEpochMilli()).getBytes(UTF_8)));
      return send(record);
    } catch (LaneUnavailableException away) {
      span.setStatus(StatusCode.ERROR, away.getMessage());
      throw away;
    } finally {
      span.end();
    }
  }

  private Span span(RenderJob job, TraceParent trace) {
    return tracer
        .spanBuilder("send " + Topics.of(job.pins().base(), job.lane()))
        .setParent(TraceContexts.context(trace))
        .setSpanKind(SpanKind.PRODUCER)
        .setAttribute("polyptych.job", job.id())
        .startSpan();
  }

  private QueuePlace send(ProducerRecord<String, byte[]> job)
      throws LaneUnavailableException, InterruptedException {
    try {
      var acknowledged = clients.producer().send(job);
      // The producer's own timeouts end the wait. Another timeout here would cost a timer per job.
      RecordMetadata record = acknowledged.get();
      return new QueuePlace(record.topic(), record.partition(), record.offset());
    } catch (InterruptException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    } catch (ExecutionException refused) {
      throw new LaneUnavailableException(refused.getCause().toString(), refused);
    } catch (KafkaException | IllegalStateException away) {
      throw new LaneUnavailableException(away.toString(), away);
    }
  }

  /**
   * The positions of the base's lanes. {@link LanePositions#UNKNOWN} until {@link #problem} has
   * seen the topics, and if the broker does not answer. Blocks for a few seconds at most.
   */
  public LanePositions positions() throws InterruptedException {
    if (!ready) {
      return LanePositions.UNKNOWN;
    }
    try {
      return new LaneOffsets(clients.admin()).positions(base, partitionCounts());
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
      LOG.debug("no look at the lanes: {}", away.toString());
      return LanePositions.UNKNOWN;
    }
  }

  /**
   * By topic, of all bases' lanes and the inbox: the offsets of the partitions in order. Empty if
   * the broker does not answer. Blocks.
   */
  public Optional<Map<String, List<LaneWindow>>> windows() throws InterruptedException {
    if (!ready) {
      return Optional.empty();
    }
    try {
      return Optional.of(new LaneOffsets(clients.admin()).windows());
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
      LOG.debug("no look at the lanes: {}", away.toString());
      return Optional.empty();
    }
  }

  private Map<Lane, Integer> partitionCounts() {
    Map<Lane, Integer> counts = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      counts.put(lane, clients.producer().partitionsFor(Topics.of(base, lane)).size());
    }
    return counts;
  }

  /**
   * Writes a dead letter, and blocks until the broker has acknowledged it.
   *
   * @throws LaneUnavailableException if it has not within a few seconds
   */
  public void writeDeadLetter(DeadLetter letter)
      throws LaneUnavailableException, InterruptedException {
    var _ = send(new ProducerRecord<>(Topics.DEAD, letter.job().orElse(null), letter.bytes()));
  }

  @Override
  public void close() {
    KafkaClients opened = clients;
    if (opened != null) {
      opened.close();
    }
  }

  private ProducerRecord<String, byte[]> record(
      NewJob job, RecordVersion version, TraceParent trace, int partition) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            Topics.of(job.job().pins().base(), job.job().lane()),
            partition,
            job.job().adapter(),
            job.record().bytes());
    record
        .headers()
        .add(Topics.HEADER_ATTEMPT, Integer.toString(version.attempt()).getBytes(UTF_8))
        .add(Topics.HEADER_BASE, job.job().pins().base().getBytes(UTF_8))
        .add(Topics.HEADER_TENANT, job.tenant().getBytes(UTF_8))
        .add(Topics.HEADER_TRACEPARENT, trace.text().getBytes(UTF_8));
    if (version.edition() > 0) {
      record
          .headers()
          .add(Topics.HEADER_EDITION, Integer.toString(version.edition()).getBytes(UTF_8));
    }
    return record;
  }
}
