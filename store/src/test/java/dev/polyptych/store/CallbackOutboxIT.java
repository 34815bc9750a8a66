package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobError;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.CallbackOutbox.CallbackTurn;
import dev.polyptych.store.CallbackOutbox.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a job owes its caller when it settles; a Redis of its own, so that depths are exact. */
class CallbackOutboxIT {
  private static final String URL = "https://example.com/done?order=A-17";
  private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final RenderedSet IMAGES =
      new RenderedSet("sheet".getBytes(UTF_8), List.of("one".getBytes(UTF_8)));

  private static RedisServer server;
  private static RedisConnection redis;
  private static JobStore store;
  private static OpenJobs open;
  private static CallbackOutbox outbox;
  private static Callbacks callbacks;

  @BeforeAll
  static void start() {
    server = RedisServer.start(Optional.empty(), FreePort.next());
    redis = RedisConnection.open(server.uri());
    store = new JobStore(redis, Retention.DEFAULT);
    open = new OpenJobs(redis, Retention.DEFAULT);
    outbox = new CallbackOutbox(redis);
    callbacks = new Callbacks(redis, Retention.DEFAULT, Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    redis.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    redis.call(jedis -> jedis.flushAll());
  }

  static Stream<Arguments> ends() {
    JobError error = new JobError(ErrorCode.RENDER_FAILED, "broken");
    return Stream.of(
        end("done", id -> store.finish(id, claimed(id), IMAGES)),
        end("failed", id -> store.fail(id, claimed(id), error)),
        end("never taken by the broker", id -> store.abandon(id, error)),
        end("cancelled", id -> store.cancel(id, "default")),
        end(
            "out of attempts",
            id -> {
              for (int i = 0; i <= JobStore.MAX_ATTEMPTS; i++) {
                store.claim(id, Claimant.of("w-1"));
              }
            }),
        end("expired before its claim", late("startBy", id -> store.claim(id, Claimant.of("w-1")))),
        end(
            "expired while rendered",
            id -> {
              int attempt = claimed(id);
              late("finishBy", late -> store.progress(late, attempt, 1, true)).accept(id);
            }),
        end(
            "expired at its end",
            id -> {
              int attempt = claimed(id);
              late("finishBy", late -> store.finish(late, attempt, IMAGES)).accept(id);
            }),
        end("expired by a sweep", late("startBy", id -> open.look(id, MINUTE, MINUTE))));
  }

  private static Arguments end(String name, Consumer<String> end) {
    return Arguments.argumentSet(name, end);
  }

  private static Consumer<String> late(String deadline, Consumer<String> end) {
    return id -> {
      redis.call(jedis -> jedis.hset("job:{" + id + "}", deadline, "1"));
      end.accept(id);
    };
  }

  @ParameterizedTest
  @MethodSource("ends")
  void howeverAJobSettlesItOwesOneCallbackAsLongAsItsRecordIsKept(Consumer<String> end) {
    // Given
    String id = accepted(URL);
    assertEquals(Optional.empty(), callbacks.find(id));
    // When
    end.accept(id);
    // Then
    Callback owed = callbacks.find(id).orElseThrow();
    assertEquals(URL, owed.url());
    assertEquals(CallbackState.PENDING, owed.state());
    assertEquals(store.status(id).orElseThrow().times().finished(), Optional.of(owed.settled()));
    long record = redis.call(jedis -> jedis.pttl("job:{" + id + "}"));
    long callback = redis.call(jedis -> jedis.pttl("job:{" + id + "}:callback"));
    assertTrue(record > Retention.DEFAULT.records().minus(MINUTE).toMillis(), "ms " + record);
    assertTrue(Math.abs(record - callback) < 1_000, record + " and " + callback);
  }

  @Test
  void aJobThatNamedNoAddressOwesNothing() {
    String id = accepted("");

    store.cancel(id, "default");

    assertEquals(Optional.empty(), callbacks.find(id));
    assertInstanceOf(CallbackTurn.Nothing.class, outbox.claim(id, MINUTE));
  }

  @Test
  void aSweepListsTheCallbackOfAJobOfWhoseEndNobodyHeard() {
    // Given
    String id = accepted(URL);
    store.cancel(id, "default");
    assertEquals(List.of(), outbox.due(FAR, 10));
    // When
    OpenJobs.Look look = open.look(id, MINUTE, MINUTE);
    // Then
    assertEquals(OpenJobs.Finding.SETTLED, look.finding());
    assertEquals(List.of(new CallbackOutbox.Entry(id, 0)), outbox.due(Instant.now(), 10));
  }

  @Test
  void aClaimIsOneDispatchersUntilItIsLost() {
    // Given
    String id = settled();
    // When
    CallbackTurn.Granted first = granted(id, MINUTE);
    CallbackTurn.Later other = assertInstanceOf(CallbackTurn.Later.class, outbox.claim(id, MINUTE));
    // Then
    assertEquals(1, first.tries());
    assertTrue(other.left().compareTo(MINUTE) <= 0 && other.left().isPositive());
  }

  @Test
  void whoReportsTooLateIsNotHeard() {
    // Given
    String id = settled();
    CallbackTurn.Granted lost = granted(id, Duration.ZERO);
    CallbackTurn.Granted second = granted(id, MINUTE);
    // When
    Verdict late = outbox.report(id, lost.claim(), failed());
    // Then
    assertEquals(Verdict.STALE, late);
    assertEquals(2, second.tries());
    assertEquals(Verdict.DONE, outbox.report(id, second.claim(), delivered()));
    assertEquals(CallbackState.DELIVERED, callbacks.find(id).orElseThrow().state());
    assertInstanceOf(CallbackTurn.Nothing.class, outbox.claim(id, MINUTE));
  }

  @Test
  void aFailedTryWaitsAndTellsWhy() {
    // Given
    String id = settled();
    // When
    outbox.report(id, granted(id, MINUTE).claim(), failed());
    // Then
    Callback waiting = callbacks.find(id).orElseThrow();
    assertEquals(Optional.of(503), waiting.lastStatus());
    assertEquals(Optional.of("it was answered with 503"), waiting.failure());
    assertEquals(waiting.lastTry().orElseThrow().plus(MINUTE), waiting.nextTry().orElseThrow());
    assertInstanceOf(CallbackTurn.Later.class, outbox.claim(id, MINUTE));
  }

  @Test
  void whoComesTooLateLeavesNoEntryBehindOfWhatIsDelivered() {
    // Given
    String id = settled();
    outbox.list(id);
    CallbackOutbox.Entry seen = outbox.due(Instant.now(), 10).getFirst();
    CallbackTurn.Granted turn = granted(id, MINUTE);
    assertInstanceOf(CallbackTurn.Later.class, outbox.claim(id, MINUTE));
    outbox.lookAgain(seen, FAR);
    // When
    CallbackOutbox.Entry held = outbox.hold(id, Instant.now().plus(MINUTE));
    outbox.report(id, turn.claim(), delivered());
    outbox.remove(held);
    // Then
    assertEquals(0, outbox.depth());
  }

  @Test
  void redeliveryBeginsAnewAndIsNotLostToAnEntryThatIsBeingRemoved() {
    // Given
    String id = settled();
    outbox.list(id);
    CallbackOutbox.Entry seen = outbox.due(Instant.now(), 10).getFirst();
    outbox.report(id, granted(id, MINUTE).claim(), delivered());
    // When
    Callback again = callbacks.redeliver(id).orElseThrow();
    outbox.remove(seen);
    outbox.lookAgain(seen, FAR);
    // Then
    assertEquals(CallbackState.PENDING, again.state());
    assertEquals(0, again.tries());
    assertEquals(
        List.of(id),
        outbox.due(Instant.now().plus(MINUTE), 10).stream()
            .map(CallbackOutbox.Entry::job)
            .toList());
    assertEquals(1, granted(id, MINUTE).tries());
  }

  @Test
  void pagesListWhatPassesNewestFirst() {
    String oldest = settled();
    String middle = settled();
    accepted(URL);
    accepted("");
    String newest = settled();
    outbox.report(middle, granted(middle, MINUTE).claim(), delivered());

    var first = callbacks.page("default", Optional.of(CallbackState.PENDING), "", 1);
    var rest =
        callbacks.page(
            "default",
            Optional.of(CallbackState.PENDING),
            JobListing.position(first.cursor().orElseThrow()).orElseThrow(),
            10);

    assertEquals(List.of(newest), first.callbacks().stream().map(Callback::job).toList());
    assertEquals(List.of(oldest), rest.callbacks().stream().map(Callback::job).toList());
    assertEquals(Optional.empty(), rest.cursor());
    assertEquals(3, callbacks.page("default", Optional.empty(), "", 10).callbacks().size());
  }

  private static Report delivered() {
    return new Report(CallbackState.DELIVERED, Duration.ZERO, Optional.of(204), Optional.empty());
  }

  private static Report failed() {
    return new Report(
        CallbackState.PENDING, MINUTE, Optional.of(503), Optional.of("it was answered with 503"));
  }

  private static CallbackTurn.Granted granted(String id, Duration lost) {
    return assertInstanceOf(CallbackTurn.Granted.class, outbox.claim(id, lost));
  }

  private static String settled() {
    String id = accepted(URL);
    store.cancel(id, "default");
    return id;
  }

  private static int claimed(String id) {
    return ((Claim.Granted) store.claim(id, Claimant.of("w-1"))).attempt();
  }

  private static String accepted(String url) {
    String id = JobId.next(Clock.systemUTC());
    JobRequest request = request(url);
    RenderJob job =
        switch (new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request)) {
          case Validated.Valid<RenderJob>(var resolved) -> resolved;
          case Validated.Invalid<RenderJob> invalid -> throw new AssertionError(invalid);
        };
    assertEquals(Verdict.DONE, store.accept(NewJob.of(job, "default")));
    return id;
  }

  private static JobRequest request(String url) {
    String callback = url.isEmpty() ? "" : ", \"callbackUrl\": \"" + url + "\"";
    String json =
        """
        {"task": "couple-profile", "prompt": "two cats", "panels": ["a cat", "a cat"], "seed": 7%s}
        """
            .formatted(callback);
    return switch (JobRequestReader.read(json.getBytes(UTF_8))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest> invalid -> throw new AssertionError(invalid);
    };
  }
}
