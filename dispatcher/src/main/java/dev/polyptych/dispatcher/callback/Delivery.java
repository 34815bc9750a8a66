package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.CallbackOutbox.Report;
import dev.polyptych.store.CallbackOutbox.Turn;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One try of one callback, and what follows from its answer. Blocks. */
final class Delivery {
  private static final int GONE = 410;

  private final Poster poster;
  private final Target.Names names;
  private final AddressGuard guard;
  private final Signature signature;
  private final CallbackRetryPolicy patience;
  private final Clock clock;

  /** How and where to post. */
  record Line(Poster poster, Target.Names names, AddressGuard guard) {}

  Delivery(Line line, Signature signature, CallbackRetryPolicy patience, Clock clock) {
    this.poster = line.poster();
    this.names = line.names();
    this.guard = line.guard();
    this.signature = signature;
    this.patience = patience;
    this.clock = clock;
  }

  /** Posts the status of a settled job. */
  Report attempt(JobStatus status, Turn.Granted turn) throws InterruptedException {
    return switch (Target.find(URI.create(turn.url()), turn.tries(), names, guard)) {
      case Target.Found.Not(Answer why) -> report(why, turn);
      case Target.Found.At(Target target) -> report(post(target, status), turn);
    };
  }

  private Answer post(Target target, JobStatus status) throws InterruptedException {
    byte[] body = Json.bytes(status);
    long seconds = clock.instant().getEpochSecond();
    return poster.post(
        target,
        Map.of(
            "content-type",
            "application/json",
            "user-agent",
            "polyptych",
            "webhook-id",
            status.id(),
            "webhook-timestamp",
            Long.toString(seconds),
            "webhook-signature",
            signature.of(status.id(), seconds, body)),
        body);
  }

  private Report report(Answer answer, Turn.Granted turn) {
    return switch (answer) {
      case Answer.Status(int code, _) when code >= 200 && code < 300 ->
          new Report(CallbackState.DELIVERED, Duration.ZERO, Optional.of(code), Optional.empty());
      case Answer.Status(int code, _) when code == GONE ->
          new Report(
              CallbackState.GIVEN_UP,
              Duration.ZERO,
              Optional.of(code),
              Optional.of("its receiver wants no more of it"));
      case Answer.Status(int code, var retryAfter) ->
          again(
              turn,
              retryAfter.orElse(Duration.ZERO),
              Optional.of(code),
              "it was answered with " + code);
      case Answer.Silence(String why) -> again(turn, Duration.ZERO, Optional.empty(), why);
      case Answer.Forbidden(String why) ->
          new Report(
              CallbackState.GIVEN_UP,
              Duration.ZERO,
              Optional.empty(),
              Optional.of(why + ", where callbacks don't go unless callbackAllow lists it"));
    };
  }

  private Report again(
      Turn.Granted turn, Duration wanted, Optional<Integer> status, String failure) {
    Optional<Duration> wait = patience.after(turn.tries(), turn.age(), wanted);
    return new Report(
        wait.isPresent() ? CallbackState.PENDING : CallbackState.GIVEN_UP,
        wait.orElse(Duration.ZERO),
        status,
        Optional.of(failure));
  }
}
