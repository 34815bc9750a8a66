package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.Stores;
import dev.polyptych.dispatcher.Worker;
import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.Claim;
import dev.polyptych.store.Claimant;
import dev.polyptych.store.IdempotencyKey;
import dev.polyptych.store.IdempotencyKeys;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real store behind it; the broker's part, which must fail at will, is played. */
class JobSubmissionIT {
  private final RenderJob admitted = admitted();
  private final String id = admitted.id();
  private RedisConnection redis;
  private JobStore store;

  @BeforeEach
  void open() {
    redis = RedisConnection.open(Backends.redisUri());
    store = new JobStore(redis, Retention.DEFAULT);
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void aJobThatTheBrokerDidNotAcknowledgeIsNeverRendered() throws Exception {
    Submission submission = submit(() -> fail());

    assertEquals(
        ErrorCode.BROKER_UNAVAILABLE,
        assertInstanceOf(Submission.Refused.class, submission).code());
    assertEquals(new Claim.Settled(JobState.FAILED), store.claim(id, Claimant.of("w-1")));
  }

  @Test
  void aJobThatAWorkerHasAlreadyIsTakenWhateverTheBrokerSays() throws Exception {
    Submission submission =
        submit(
            () -> {
              Worker.claims(store, id);
              fail();
            });

    assertEquals(
        JobState.RENDERING, assertInstanceOf(Submission.Taken.class, submission).status().state());
  }

  @Test
  void aWorkerFasterThanTheConfirmationIsNotSetBack() throws Exception {
    Submission submission = submit(() -> Worker.renders(store, id));

    assertEquals(
        JobState.DONE, assertInstanceOf(Submission.Taken.class, submission).status().state());
  }

  @Test
  void whileTheBrokerIsAwayNothingIsWrittenAnywhere() throws Exception {
    Submission submission =
        queue(new PlayedLanes(false, () -> fail()))
            .submit(admitted, Stores.origin(), Optional.empty());

    assertInstanceOf(Submission.Refused.class, submission);
    assertTrue(store.status(id).isEmpty());
  }

  @Test
  void aJobOnItsLaneIsTakenEvenWhenTheStoreGoesAwayThen() throws Exception {
    RedisServer own = RedisServer.start(Optional.empty(), FreePort.next());
    try (RedisConnection connection = RedisConnection.open(own.uri())) {
      store = new JobStore(connection, Retention.DEFAULT);

      Submission submission = submit(own::close);

      assertEquals(id, assertInstanceOf(Submission.Taken.class, submission).status().id());
    }
  }

  @Test
  void aJobWhoseFateIsUnknownIsToldByItsId() throws Exception {
    RedisServer own = RedisServer.start(Optional.empty(), FreePort.next());
    try (RedisConnection connection = RedisConnection.open(own.uri())) {
      store = new JobStore(connection, Retention.DEFAULT);

      Submission submission =
          submit(
              () -> {
                own.close();
                fail();
              });

      Submission.Refused refused = assertInstanceOf(Submission.Refused.class, submission);
      assertEquals(ErrorCode.STORE_UNAVAILABLE, refused.code());
      assertTrue(refused.detail().contains("/v1/jobs/" + id), refused::detail);
    }
  }

  @Test
  void afterARefusalTheSameKeyIsTakenAtOnce() throws Exception {
    IdempotencyKey key = new IdempotencyKey("default", id, "digest");

    Submission refused =
        keyed(new PlayedLanes(true, () -> fail()))
            .take(admitted, Stores.origin(), Optional.of(key));
    Submission again =
        keyed(new PlayedLanes(true, () -> {})).take(admitted(), Stores.origin(), Optional.of(key));

    assertInstanceOf(Submission.Refused.class, refused);
    assertEquals(JobState.QUEUED, assertInstanceOf(Submission.Taken.class, again).status().state());
    assertEquals(new Claim.Settled(JobState.FAILED), store.claim(id, Claimant.of("w-1")));
  }

  @Test
  void aJobThatAnotherAbandonedMeanwhileIsNotToldAsTaken() throws Exception {
    JobError impatient = new JobError(ErrorCode.BROKER_UNAVAILABLE, "submitted anew");

    Submission submission = submit(() -> store.abandon(id, impatient));

    assertEquals(
        ErrorCode.BROKER_UNAVAILABLE,
        assertInstanceOf(Submission.Refused.class, submission).code());
    assertEquals(new Claim.Settled(JobState.FAILED), store.claim(id, Claimant.of("w-1")));
  }

  private SubmissionIntake keyed(LaneWriter lanes) {
    return new SubmissionIntake(
        TextCheck.start(CatalogFile.builtIn("tiny")),
        queue(lanes),
        store,
        new IdempotencyKeys(redis, Retention.DEFAULT),
        () -> true);
  }

  private Submission submit(BrokersPart broker) throws Exception {
    return queue(new PlayedLanes(true, broker)).submit(admitted, Stores.origin(), Optional.empty());
  }

  private JobSubmission queue(LaneWriter lanes) {
    return Stores.submission(store, redis, lanes);
  }

  private static void fail() throws LaneUnavailableException {
    throw new LaneUnavailableException("played", new IllegalStateException());
  }

  private static RenderJob admitted() {
    Admission admission =
        new Admission(
            tenant -> new JobResolver(CatalogFile.builtIn("tiny")),
            Clock.systemUTC(),
            () -> 7L,
            url -> Optional.empty());
    return ((Validated.Valid<RenderJob>)
            admission
                .read(Requests.COUPLE.getBytes(UTF_8))
                .then(read -> admission.resolve(read, "default")))
        .value();
  }

  private interface BrokersPart {
    void play() throws LaneUnavailableException;
  }

  private record PlayedLanes(boolean ready, BrokersPart broker) implements LaneWriter {
    @Override
    public boolean ready(String base) {
      return ready;
    }

    @Override
    public int partitions(String base, Lane lane) {
      return 8;
    }

    @Override
    public QueuePlace write(NewJob job, RecordVersion version, TraceParent trace, int partition)
        throws LaneUnavailableException {
      broker.play();
      return new QueuePlace("lane", 0, 0);
    }
  }
}
