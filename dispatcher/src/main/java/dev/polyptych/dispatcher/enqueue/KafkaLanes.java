package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.cluster.LanePositions;
import dev.polyptych.dispatcher.trace.TraceContexts;
import dev.polyptych.policy.reconcile.LaneWindow;
import dev.polyptych.schema.config.HostNames;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
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

  /** Within this time after they were made, some brokers may not know lanes yet. */
  private static final Duration SPREADING = Duration.ofSeconds(10);

  private final String bootstrapServers;
  private final KafkaSecurity security;
  private final Supplier<Map<String, Integer>> bases;
  private final Tracer tracer;
  private final ReentrantLock making = new ReentrantLock();

  /** The bases whose lanes were there once, with the {@code nanoTime} from which they must be. */
  private final Map<String, Long> seen = new ConcurrentHashMap<>();

  /** The bases whose lanes can't be written, with what is wrong and the remedy. */
  private volatile Map<String, String> broken = Map.of();

  private volatile KafkaClients clients;
  private volatile boolean ready;

  /**
   * @param bases returns the ids of the bases whose lanes are made where they are missing, each
   *     with the number of partitions; must not block
   * @param tracer for the spans of writing
   */
  public KafkaLanes(
      String bootstrapServers,
      KafkaSecurity security,
      Supplier<Map<String, Integer>> bases,
      Tracer tracer) {
    this.bootstrapServers = bootstrapServers;
    this.security = security;
    this.bases = bases;
    this.tracer = tracer;
  }

  /**
   * What is wrong with broker or lanes, and the remedy; empty if the lanes of some base can be
   * written. Makes missing lanes, but only those that it has never seen: lanes that were deleted
   * had jobs, and empty ones must not hide that. Blocks for a few seconds at most; only one thread
   * may call it at a time.
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
      Map<String, Integer> wanted = bases.get();
      Map<String, String> now = make(wanted);
      now.forEach(
          (base, problem) -> {
            if (!problem.equals(broken.get(base))) {
              LOG.error(problem);
            }
          });
      broken = now;
      if (now.keySet().containsAll(wanted.keySet())) {
        return Optional.of(String.join("; ", new TreeSet<>(now.values())));
      }
      return Optional.empty();
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
      LOG.debug("no look at the lanes", away);
      return Optional.of(
          "Kafka at %s does not answer%s: start it, or name another one in the setting"
                  .formatted(bootstrapServers, reason(away))
              + " bootstrapServers");
    }
  }

  /** Makes the lanes that were never there. Returns the bases whose lanes can't be written now. */
  private Map<String, String> make(Map<String, Integer> wanted)
      throws InterruptedException, ExecutionException, TimeoutException {
    making.lockInterruptibly();
    try {
      TopicSetup topics = new TopicSetup(clients.admin());
      Set<String> all = TopicSetup.common();
      wanted.keySet().forEach(base -> all.addAll(Topics.lanes(base)));
      Set<String> missing = topics.missing(all, PROBE);
      Map<String, String> problems = new TreeMap<>();
      for (var base : wanted.entrySet()) {
        Set<String> lanes = new HashSet<>(Topics.lanes(base.getKey()));
        lanes.retainAll(missing);
        problem(topics, base.getKey(), base.getValue(), lanes)
            .ifPresent(problem -> problems.put(base.getKey(), problem));
      }
      missing.retainAll(TopicSetup.common());
      topics.create(missing, Collections.max(wanted.values()));
      return problems;
    } finally {
      making.unlock();
    }
  }

  /**
   * Makes the missing lanes of a base unless they were there once.
   *
   * @return what is wrong, and the remedy
   */
  private Optional<String> problem(
      TopicSetup topics, String base, int partitions, Set<String> missing)
      throws InterruptedException, TimeoutException {
    Long settled = seen.get(base);
    if (settled != null) {
      return missing.isEmpty() || System.nanoTime() - settled < 0
          ? Optional.empty()
          : Optional.of(
              ("lanes were deleted on Kafka at %s, and the jobs in them with them: make %s with %d"
                      + " partitions again, or restart a dispatcher, which does")
                  .formatted(bootstrapServers, Topics.lanes(base), partitions));
    }
    try {
      topics.create(missing, partitions);
    } catch (IllegalStateException refused) {
      return Optional.of(
          "Kafka at %s refuses to make lanes (%s): make %s with %d partitions"
              .formatted(
                  bootstrapServers,
                  refused.getCause().getMessage(),
                  Topics.lanes(base),
                  partitions));
    }
    seen.put(base, System.nanoTime() + (missing.isEmpty() ? 0 : SPREADING.toNanos()));
    return Optional.empty();
  }

  /** Empty for a timeout: nobody is there, and each kind of timeout says so in other words. */
  private String reason(Exception away) {
    Throwable cause = away instanceof ExecutionException failed ? failed.getCause() : away;
    // A client is not made while no broker's name has an address.
    boolean silent =
        cause instanceof TimeoutException
            || cause instanceof org.apache.kafka.common.errors.TimeoutException
            || cause.getCause() instanceof ConfigException;
    return silent ? HostNames.unknown(bootstrapServers) : " (" + cause.getMessage() + ")";
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public boolean ready(String base) {
    return ready && !broken.containsKey(base);
  }

  @Override
  public int partitions(String base, Lane lane)
      throws LaneUnavailableException, InterruptedException {
    try {
      Integer declared = bases.get().get(base);
      if (declared != null && !seen.containsKey(base)) {
        // The probe makes them, too, but later than the first job of a new base comes.
        make(Map.of(base, declared));
      }
      return clients.producer().partitionsFor(Topics.of(base, lane)).size();
    } catch (InterruptException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
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
   * The positions of the lanes by base. Empty until {@link #problem} has seen the topics, and if
   * the broker does not answer. Blocks for a few seconds at most.
   */
  public Map<String, LanePositions> positions() throws InterruptedException {
    if (!ready) {
      return Map.of();
    }
    try {
      return new LaneOffsets(clients.admin()).positions(partitionCounts());
    } catch (KafkaException | IllegalStateException | ExecutionException | TimeoutException away) {
      LOG.debug("no look at the lanes: {}", away.toString());
      return Map.of();
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

  private Map<String, Integer> partitionCounts() {
    Map<String, Integer> counts = new HashMap<>();
    for (String base : seen.keySet()) {
      if (!broken.containsKey(base)) {
        try {
          Map<String, Integer> lanes = new HashMap<>();
          Topics.lanes(base)
              .forEach(lane -> lanes.put(lane, clients.producer().partitionsFor(lane).size()));
          counts.putAll(lanes);
        } catch (org.apache.kafka.common.errors.TimeoutException notYet) {
          LOG.debug("no look at the lanes of {}: {}", base, notYet.getMessage());
        }
      }
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
