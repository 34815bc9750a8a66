package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.bench.dispatch.LoadArm.LoadSample;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Submits over HTTP, one job per request or many. */
final class SubmitArm implements LoadArm {
  /** The pause after a refusal without Retry-After. */
  private static final int PAUSE_SECONDS = 1;

  /** The time limit after the last call has begun. */
  private static final int PATIENCE_SECONDS = 300;

  private final String name;
  private final LoadClient client;
  private final String path;
  private final String type;
  private final Buffer body;

  private SubmitArm(String name, LoadClient client, String path, String type, Buffer body) {
    this.name = name;
    this.client = client;
    this.path = path;
    this.type = type;
    this.body = body;
  }

  static SubmitArm single(LoadClient client, JobRequest job) {
    Buffer body = Buffer.buffer(Json.bytes(job));
    return new SubmitArm("single", client, "/v1/jobs", "application/json", body);
  }

  static SubmitArm batch(LoadClient client, JobRequest job, int lines) {
    String line = Buffer.buffer(Json.bytes(job)) + "\n";
    Buffer body = Buffer.buffer(String.join("", Collections.nCopies(lines, line)));
    return new SubmitArm("batch", client, "/v1/jobs:batch", "application/x-ndjson", body);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public LoadSample run(int callers, Duration time) throws Exception {
    Round round = new Round(callers, System.nanoTime() + time.toNanos());
    long begin = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      // The contexts use the event loops in turn, so that all threads have work.
      client.vertx().getOrCreateContext().runOnContext(here -> round.next());
    }
    round.over.get(time.toSeconds() + PATIENCE_SECONDS, TimeUnit.SECONDS);
    double seconds = (round.lastNanos.get() - begin) / 1e9;
    return LoadSample.of(round.taken.get(), round.refusals.get(), seconds, round.timings);
  }

  private final class Round {
    private final Timings timings = new Timings();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicInteger callers;
    private final long endNanos;

    Round(int callers, long endNanos) {
      this.callers = new AtomicInteger(callers);
      this.endNanos = endNanos;
    }

    void next() {
      long begun = System.nanoTime();
      if (begun >= endNanos) {
        if (callers.decrementAndGet() == 0) {
          over.complete(null);
        }
        return;
      }
      Future<LoadClient.Reply> reply = client.post(path, type, "", body);
      reply.onFailure(over::completeExceptionally).onSuccess(answer -> answered(answer, begun));
    }

    private void answered(LoadClient.Reply answer, long begun) {
      long now = System.nanoTime();
      switch (answer.status()) {
        case 200, 202 -> {
          timings.add(now - begun);
          taken.addAndGet(accepted(answer));
          lastNanos.accumulateAndGet(now, Math::max);
          next();
        }
        case 429, 503 -> {
          refusals.incrementAndGet();
          int seconds = answer.retryAfterSeconds().orElse(PAUSE_SECONDS);
          client.vertx().setTimer(seconds * 1000L, later -> next());
        }
        default -> over.completeExceptionally(answer.unexpected());
      }
    }
  }

  /** The number of accepted jobs: 1, or the number in the last line of a batch's answer. */
  private static int accepted(LoadClient.Reply answer) {
    if (answer.status() == 202) {
      return 1;
    }
    try {
      String[] lines = answer.body().toString().split("\n", -1);
      return Json.mapper().readTree(lines[lines.length - 2]).path("accepted").intValue();
    } catch (IOException foreign) {
      throw new UncheckedIOException(foreign);
    }
  }
}
