package dev.polyptych.dispatcher.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.dispatcher.enqueue.KafkaLanes;
import dev.polyptych.dispatcher.enqueue.LaneUnavailableException;
import dev.polyptych.dispatcher.metrics.InboxMetrics;
import dev.polyptych.dispatcher.metrics.InboxMetrics.Passage;
import dev.polyptych.dispatcher.placement.Route;
import dev.polyptych.dispatcher.placement.Routes;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.schema.topic.RecordHeaders;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a record of the inbox on: resolves its job, makes the job's state if a backend produced
 * it, and writes a record with everything pinned to a lane of its base. A record that is delivered
 * twice is passed on once. Blocks; safe for all threads.
 */
public final class Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

  private final Offers offers;
  private final TextCheck texts;
  private final DirectRules rules;
  private final JobStore store;
  private final Adoption adoption;
  private final RoutesByBase routes;
  private final KafkaLanes lanes;
  private final InboxMetrics metrics;
  private final Clock clock;

  public Forwarding(
      Offers offers,
      TextCheck texts,
      DirectRules rules,
      JobStore store,
      Adoption adoption,
      RoutesByBase routes,
      KafkaLanes lanes,
      InboxMetrics metrics,
      Clock clock) {
    this.offers = offers;
    this.texts = texts;
    this.rules = rules;
    this.store = store;
    this.adoption = adoption;
    this.routes = routes;
    this.lanes = lanes;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether the record may be committed. If not, broker or store did not answer. */
  boolean forward(ConsumerRecord<byte[], byte[]> raw) throws InterruptedException {
    try {
      metrics.passed(
          switch (RenderRecord.read(raw.value())) {
            case Validated.Valid<RenderRecord>(RenderRecord record) -> forward(raw, record);
            case Validated.Invalid<RenderRecord>(var problems) ->
                deadLetter(raw, RenderRecord.identity(raw.value()), problems);
          });
      return true;
    } catch (LaneUnavailableException | StoreUnavailableException away) {
      LOG.debug("a record of the inbox is passed on later: {}", away.getMessage());
      return false;
    }
  }

  private Passage forward(ConsumerRecord<byte[], byte[]> raw, RenderRecord record)
      throws LaneUnavailableException, InterruptedException {
    boolean direct = text(raw, Topics.HEADER_DIRECT).filter("1"::equals).isPresent();
    return switch (resolved(raw, record, direct)) {
      case Validated.Valid<RenderJob>(RenderJob job) -> {
        NewJob known = NewJob.of(texts.count(job), record);
        yield exists(known, direct)
            ? forward(raw, known)
            : deadLetter(raw, identity(record), List.of(unknown()));
      }
      case Validated.Invalid<RenderJob>(var problems) ->
          deadLetter(raw, identity(record), problems);
    };
  }

  private Validated<RenderJob> resolved(
      ConsumerRecord<byte[], byte[]> raw, RenderRecord record, boolean direct) {
    Optional<String> otherBase =
        text(raw, Topics.HEADER_BASE)
            .filter(base -> record.pins().isEmpty() && !offers.bases().contains(base));
    if (otherBase.isPresent()) {
      String detail =
          "the job is for model %s, and the dispatchers accept jobs for %s; name one of those, or"
                  .formatted(otherBase.get(), String.join(", ", offers.bases().ids()))
              + " declare the base with PUT /v1/bases/{base}";
      return invalid(new FieldProblem(ErrorCode.ADAPTER_UNAVAILABLE, "header base", detail));
    }
    if (!direct) {
      return record.resolved(offers.resolver(record.tenant()));
    }
    List<FieldProblem> misfits =
        rules.problems(record, Topics.laneOf(raw.topic()).orElseThrow(), clock.instant());
    return misfits.isEmpty()
        ? offers
            .resolver(record.tenant())
            .resolve(record.id(), record.request())
            .then(job -> ofBase(job, text(raw, Topics.HEADER_BASE)))
        : new Validated.Invalid<>(misfits);
  }

  /** A job, unless its backend names another base than that of its task. */
  private static Validated<RenderJob> ofBase(RenderJob job, Optional<String> named) {
    String base = job.pins().base();
    return named.filter(other -> !other.equals(base)).isEmpty()
        ? new Validated.Valid<>(job)
        : invalid(
            FieldProblem.invalid(
                "header base",
                "is %s, and task %s is drawn by %s; name that one, or none"
                    .formatted(named.get(), job.task(), base)));
  }

  /** Whether Redis has the job now, as one of the record's tenant. */
  private boolean exists(NewJob job, boolean direct) {
    String id = job.job().id();
    if (direct) {
      store.adopt(job);
    }
    Optional<JobStatus> status = store.status(id);
    if (status.isEmpty() && !direct) {
      return adoption.adopt(job);
    }
    // A direct record may come again after the job's state has expired.
    return status.map(found -> found.tenant().equals(job.tenant())).orElse(true);
  }

  private Passage forward(ConsumerRecord<byte[], byte[]> raw, NewJob job)
      throws LaneUnavailableException, InterruptedException {
    String id = job.job().id();
    QueuePlace from = new QueuePlace(raw.topic(), raw.partition(), raw.offset());
    Optional<RecordVersion> version = store.forward(id, version(raw), from);
    if (version.isEmpty()) {
      return Passage.UNNEEDED;
    }
    String base = job.job().pins().base();
    int partitions = lanes.partitions(base, job.job().lane());
    Routes fleet = routes.of(base);
    Route route = fleet.route(job.job(), fleet.gpuSeconds(job.job()), partitions);
    QueuePlace place =
        lanes.write(
            job,
            version.get(),
            TraceParent.of(text(raw, Topics.HEADER_TRACEPARENT).orElse(null)),
            notBefore(raw),
            route.partition());
    fleet.written(job.job(), place);
    if (store.status(id).filter(found -> found.state() == JobState.ACCEPTED).isPresent()) {
      // Its dispatcher died before it could say that the broker has the job.
      var _ = store.queued(id, place);
    }
    store.moved(id, version.get(), place);
    return Passage.FORWARDED;
  }

  private static Optional<Instant> notBefore(ConsumerRecord<byte[], byte[]> raw) {
    return text(raw, Topics.HEADER_NOT_BEFORE)
        .filter(text -> text.matches("\\d{1,15}"))
        .map(text -> Instant.ofEpochMilli(Long.parseLong(text)));
  }

  /** First the job, then the letter: after a crash between them the record comes again. */
  private Passage deadLetter(
      ConsumerRecord<byte[], byte[]> raw,
      Optional<RenderRecord.Identity> job,
      List<FieldProblem> problems)
      throws LaneUnavailableException, InterruptedException {
    RecordVersion version = version(raw);
    DeadLetter letter =
        DeadLetter.refusing(
            job.map(RenderRecord.Identity::id),
            problems,
            version.attempt(),
            new DeadLetter.Origin(raw.topic(), raw.partition(), raw.offset()),
            clock.instant(),
            raw.value());
    job.ifPresent(
        named ->
            store.reject(
                named.id(),
                named.tenant(),
                version,
                new JobError(letter.reason(), letter.detail())));
    lanes.writeDeadLetter(letter);
    LOG.atWarn()
        .addKeyValue("job", job.map(RenderRecord.Identity::id).orElse("none"))
        .addKeyValue("code", letter.reason())
        .log("refused a record of the inbox: {}", letter.detail());
    return Passage.DEAD;
  }

  private static RecordVersion version(ConsumerRecord<byte[], byte[]> raw) {
    return RecordHeaders.version(name -> text(raw, name));
  }

  private static Optional<RenderRecord.Identity> identity(RenderRecord record) {
    return Optional.of(new RenderRecord.Identity(record.id(), record.tenant()));
  }

  private static FieldProblem unknown() {
    return new FieldProblem(
        ErrorCode.UNKNOWN_JOB,
        "id",
        "the job store has no record of this job; a backend that produces jobs itself sets the"
            + " header direct: 1");
  }

  private static <T> Validated<T> invalid(FieldProblem problem) {
    return new Validated.Invalid<>(List.of(problem));
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String header) {
    return Optional.ofNullable(record.headers().lastHeader(header))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }
}
