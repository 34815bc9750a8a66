package dev.polyptych.dispatcher.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.address.AddressRange;
import dev.polyptych.dispatcher.address.Target;
import dev.polyptych.dispatcher.metrics.CallbackMetrics;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.Callback;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.CallbackOutbox;
import dev.polyptych.store.CallbackOutbox.CallbackTurn;
import dev.polyptych.store.Callbacks;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries with short waits, to a real server, from a Redis of their own. */
class DeliveriesIT {
  private static final List<AddressRange> LOOPBACK = List.of(AddressRange.of("127.0.0.0/8"));

  /** So long that no stall of the machine makes a try count as lost. */
  private static final Duration LOST = Duration.ofMinutes(2);

  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final Duration SHORT_ANSWER = Duration.ofSeconds(3);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofHours(1);

  private final Clock clock = Clock.systemUTC();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private RedisServer server;
  private RedisConnection redis;
  private JobStore jobs;
  private CallbackOutbox outbox;
  private Callbacks callbacks;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    server = RedisServer.start(Optional.empty(), FreePort.next());
    redis = RedisConnection.open(server.uri());
    jobs = new JobStore(redis, Retention.DEFAULT);
    outbox = new CallbackOutbox(redis);
    callbacks = new Callbacks(redis, Retention.DEFAULT, clock);
    receiver = new Receiver();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
    vertx.close().await();
    receiver.close();
    redis.close();
    server.close();
  }

  @Test
  void aCallbackIsTheSignedStatusOfTheJob() throws Exception {
    // Given
    String id = settled(receiver.url());
    // When
    deliveries(LOOPBACK, LONG).due(id);
    // Then
    Receiver.Received call = receiver.take();
    assertTrue(call.genuine());
    assertEquals(id, call.id());
    assertEquals("/done?order=A-17", call.path());
    assertEquals("127.0.0.1:" + receiver.port(), call.host());
    assertTrue(Math.abs(call.timestamp() - clock.instant().getEpochSecond()) < 30);
    assertArrayEquals(Json.bytes(jobs.status(id).orElseThrow()), call.body());
    Callback delivered = awaited(id, CallbackState.DELIVERED);
    assertEquals(Optional.of(204), delivered.lastStatus());
    assertEquals(Optional.empty(), delivered.failure());
    until(() -> outbox.depth() == 0);
  }

  @Test
  void whatFailsIsTriedAgainAsTheSameMessage() throws Exception {
    // Given
    String id = settled(receiver.url());
    receiver.next(500);
    receiver.next(new Receiver.Reply(302, Map.of("Location", receiver.url()), 0));
    // When
    deliveries(LOOPBACK, LONG).due(id);
    // Then
    assertEquals(id, receiver.take().id());
    assertEquals(id, receiver.take().id());
    assertTrue(receiver.take().genuine());
    assertEquals(3, awaited(id, CallbackState.DELIVERED).tries());
    assertEquals(0, receiver.calls(), "a redirect was followed");
  }

  @Test
  void whoDiesBetweenCallAndReportLeavesItToOthersAsTheSameMessage() throws Exception {
    // Given
    String id = settled(receiver.url());
    outbox.list(id);
    CallbackTurn.Granted dying =
        assertInstanceOf(CallbackTurn.Granted.class, outbox.claim(id, SHORT));
    delivery(LOOPBACK, LONG).attempt(jobs.status(id).orElseThrow(), dying);
    Receiver.Received first = receiver.take();
    // When
    deliveries(LOOPBACK, LONG);
    // Then
    Receiver.Received second = receiver.take();
    assertEquals(first.id(), second.id());
    assertArrayEquals(first.body(), second.body());
    assertEquals(2, awaited(id, CallbackState.DELIVERED).tries());
  }

  @Test
  void dispatchersShareTheWorkAndDeliverEachOnce() throws Exception {
    // Given
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(settled(receiver.url()));
    }
    // When
    for (Deliveries dispatcher : List.of(deliveries(LOOPBACK, LONG), deliveries(LOOPBACK, LONG))) {
      ids.forEach(dispatcher::due);
    }
    // Then
    Set<String> delivered = new HashSet<>();
    for (int i = 0; i < ids.size(); i++) {
      delivered.add(receiver.take().id());
    }
    assertEquals(Set.copyOf(ids), delivered);
    until(() -> outbox.depth() == 0);
    assertEquals(0, receiver.calls());
  }

  @Test
  void whatFailsForTooLongIsGivenUpAndListedAndCanBeSentAgain() throws Exception {
    // Given
    String id = settled(receiver.url());
    receiver.always(500);
    deliveries(LOOPBACK, Duration.ofSeconds(2)).due(id);
    Callback givenUp = awaited(id, CallbackState.GIVEN_UP);
    assertTrue(givenUp.tries() > 1, givenUp::toString);
    assertEquals(Optional.of("it was answered with 500"), givenUp.failure());
    assertEquals(
        List.of(id),
        callbacks.page("default", Optional.of(CallbackState.GIVEN_UP), "", 10).callbacks().stream()
            .map(Callback::job)
            .toList());
    // When
    receiver.always(200);
    callbacks.redeliver(id);
    // Then
    assertEquals(Optional.of(200), awaited(id, CallbackState.DELIVERED).lastStatus());
  }

  @Test
  void aReceiverThatWantsNoMoreGetsNoMore() throws Exception {
    String id = settled(receiver.url());
    receiver.next(410);

    deliveries(LOOPBACK, LONG).due(id);

    assertEquals(1, awaited(id, CallbackState.GIVEN_UP).tries());
    assertEquals(1, receiver.calls());
  }

  @Test
  void aReceiverIsLeftAloneForAsLongAsItSays() throws Exception {
    String id = settled(receiver.url());
    receiver.next(new Receiver.Reply(503, Map.of("Retry-After", "3600"), 0));

    deliveries(LOOPBACK, Duration.ofDays(1)).due(id);

    Callback waiting = awaited(id, callback -> callback.lastStatus().isPresent());
    Duration wait = Duration.between(waiting.lastTry().get(), waiting.nextTry().get());
    assertEquals(Duration.ofHours(1), wait);
  }

  @Test
  void aReceiverThatNeverAnswersIsGivenUpOnInTime() throws Exception {
    String id = settled(receiver.url());
    receiver.next(0);

    deliveries(delivery(client(SHORT_ANSWER), InetAddress::getAllByName, LOOPBACK, LONG)).due(id);

    assertEquals(id, receiver.take().id());
    assertEquals(id, receiver.take().id());
    assertEquals(2, awaited(id, CallbackState.DELIVERED).tries());
  }

  @Test
  void aLongAnswerIsCutOffAndIsADeliveryAllTheSame() throws Exception {
    String id = settled(receiver.url());
    receiver.next(new Receiver.Reply(200, Map.of(), 1 << 24));

    deliveries(LOOPBACK, LONG).due(id);

    assertEquals(1, awaited(id, CallbackState.DELIVERED).tries());
  }

  @Test
  void aNameWithAnAddressThatIsNotPublicIsNotCalled() throws Exception {
    String id = settled("http://localhost:" + receiver.port() + "/");

    deliveries(List.of(), LONG).due(id);

    Callback refused = awaited(id, CallbackState.GIVEN_UP);
    assertEquals(1, refused.tries());
    assertTrue(
        refused.failure().orElseThrow().startsWith("its host has a loopback address"),
        refused::toString);
    assertEquals(0, receiver.calls());
  }

  @Test
  void theAddressThatWasCheckedIsTheOneThatIsCalled() throws Exception {
    // Given
    String id = settled("http://callbacks.invalid:" + receiver.port() + "/x");
    Target.Names loopback = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    // When
    deliveries(delivery(client(ANSWER), loopback, LOOPBACK, LONG)).due(id);
    // Then
    assertEquals("callbacks.invalid:" + receiver.port(), receiver.take().host());
  }

  private Deliveries deliveries(List<AddressRange> allowed, Duration retryFor) {
    return deliveries(delivery(allowed, retryFor));
  }

  private Deliveries deliveries(CallbackDelivery delivery) {
    Deliveries deliveries =
        new Deliveries(
            outbox, jobs, delivery, LOST, clock, new CallbackMetrics(new PrometheusRegistry()));
    opened.add(deliveries);
    deliveries.start();
    return deliveries;
  }

  private CallbackDelivery delivery(List<AddressRange> allowed, Duration retryFor) {
    return delivery(client(ANSWER), InetAddress::getAllByName, allowed, retryFor);
  }

  private CallbackDelivery delivery(
      CallbackClient client, Target.Names names, List<AddressRange> allowed, Duration retryFor) {
    return new CallbackDelivery(
        client,
        names,
        new AddressGuard(allowed),
        new Signature(List.of(Receiver.SECRET)),
        new CallbackRetryPolicy(new JitteredBackoff(SHORT, SHORT, () -> 1), retryFor),
        clock);
  }

  private CallbackClient client(Duration timeout) {
    CallbackClient client = new CallbackClient(vertx, timeout, clock);
    opened.add(client);
    return client;
  }

  private Callback awaited(String id, CallbackState state) {
    return awaited(id, callback -> callback.state() == state);
  }

  private Callback awaited(String id, Predicate<Callback> wanted) {
    until(() -> callbacks.find(id).filter(wanted).isPresent());
    return callbacks.find(id).orElseThrow();
  }

  private static void until(BooleanSupplier condition) {
    long endNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > endNanos) {
        throw new AssertionError("not within 30 s");
      }
      Thread.onSpinWait();
    }
  }

  private String settled(String url) {
    String id = JobId.next(clock);
    JobRequest request =
        valid(
            JobRequestReader.read(
                Requests.coupleWith("\"seed\": 7, \"callbackUrl\": \"" + url + "\"")
                    .getBytes(UTF_8)));
    RenderJob job = valid(new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request));
    jobs.accept(NewJob.of(job, "default"));
    jobs.cancel(id, "default");
    return id;
  }

  private static <T> T valid(Validated<T> checked) {
    return switch (checked) {
      case Validated.Valid<T>(T value) -> value;
      case Validated.Invalid<T> invalid -> throw new AssertionError(invalid);
    };
  }
}
