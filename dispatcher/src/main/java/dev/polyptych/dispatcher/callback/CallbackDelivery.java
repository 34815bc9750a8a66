package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.address.Target;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.CallbackOutbox.CallbackTurn;
import dev.polyptych.store.CallbackOutbox.Report;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes one try of one callback and decides what follows from the answer. Blocks. */
final class CallbackDelivery {
  private static final int GONE = 410;

  private final Poster poster;
  private final Target.Names names;
  private final AddressGuard guard;
  private final Signature signature;
  private final CallbackRetryPolicy retries;
  private final Clock clock;

  CallbackDelivery(
      Poster poster,
      Target.Names names,
      AddressGuard guard,
      Signature signature,
      CallbackRetryPolicy retries,
      Clock clock) {
    this.poster = poster;
    this.names = names;
    this.guard = guard;
    this.signature = signature;
    this.retries = retries;
    this.clock = clock;
  }

  /** Posts the status of a settled job. */
  Report attempt(JobStatus status, CallbackTurn.Granted turn) throws InterruptedException {
    return switch (Target.find(URI.create(turn.url()), turn.tries(), names, guard)) {
      case Target.Found.Forbidden(String why) -> report(new PostOutcome.Forbidden(why), turn);
      case Target.Found.Unknown(String why) -> report(new PostOutcome.Silence(why), turn);
      case Target.Found.At(Target target) -> report(post(target, status), turn);
    };
  }

  private PostOutcome post(Target target, JobStatus status) throws InterruptedException {
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

  private Report report(PostOutcome answer, CallbackTurn.Granted turn) {
    return switch (answer) {
      case PostOutcome.Status(int code, _) when code >= 200 && code < 300 ->
          new Report(CallbackState.DELIVERED, Duration.ZERO, Optional.of(code), Optional.empty());
      case PostOutcome.Status(int code, _) when code == GONE ->
          new Report(
              CallbackState.GIVEN_UP,
              Duration.ZERO,
              Optional.of(code),
              Optional.of("its receiver answered 410 Gone"));
      case PostOutcome.Status(int code, var retryAfter) ->
          again(
              turn,
              retryAfter.orElse(Duration.ZERO),
              Optional.of(code),
              "it was answered with " + code);
      case PostOutcome.Silence(String why) -> again(turn, Duration.ZERO, Optional.empty(), why);
      case PostOutcome.Forbidden(String why) ->
          new Report(
              CallbackState.GIVEN_UP,
              Duration.ZERO,
              Optional.empty(),
              Optional.of(why + ", where callbacks don't go unless callbackAllow lists it"));
    };
  }

  private Report again(
      CallbackTurn.Granted turn, Duration wanted, Optional<Integer> status, String failure) {
    Optional<Duration> wait = retries.after(turn.tries(), turn.age(), wanted);
    return new Report(
        wait.isPresent() ? CallbackState.PENDING : CallbackState.GIVEN_UP,
        wait.orElse(Duration.ZERO),
        status,
        Optional.of(failure));
  }
}
