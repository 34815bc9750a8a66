package dev.polyptych.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.foreach;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.polyptych.client.DispatcherClient;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * An open model: callers arrive whether or not the cluster keeps up. Three of four jobs are
 * submitted alone, and a fifth of these twice with the same key. The others are submitted in
 * batches of five. Callers follow half of the single jobs by their events and poll all other jobs.
 * They fetch each panel of a single job twice, the second time with its ETag.
 */
public final class PanelSetLoad extends Simulation {
  static final String SUBMIT = "submit";
  static final String FIRST_STEP = "first step";

  private static final double IN_BATCHES = 0.25;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  private static final ChainBuilder FOLLOWED =
      exec(
          sse("events")
              .get("/v1/jobs/#{id}/events")
              .await(PATIENCE)
              .on(
                  sse.checkMessage(FIRST_STEP)
                      .matching(jsonPath("$.event").is("rendering"))
                      .check(jsonPath("$.id").exists()))
              .await(PATIENCE)
              .on(
                  sse.checkMessage("done")
                      .matching(jsonPath("$.event").in("done", "failed", "expired"))
                      .check(jsonPath("$.event").is("done"))),
          sse("leave").close());

  private static final ChainBuilder ASKED_FOR =
      exec(session -> session.set("state", "queued"))
          .exec(
              asLongAs(session -> !"done".equals(session.getString("state")))
                  .on(
                      pause(ASK_AGAIN)
                          .exec(
                              http("status")
                                  .get("/v1/jobs/#{id}")
                                  .check(
                                      status().is(200),
                                      jsonPath("$.state")
                                          .in("accepted", "queued", "rendering", "done")
                                          .saveAs("state")))
                          .exitHereIfFailed()));

  private static final ChainBuilder FETCHED =
      foreach("#{panels}", "n")
          .on(
              exec(
                  http("panel")
                      .get("/v1/jobs/#{id}/panels/#{n}")
                      .check(status().is(200), header("ETag").saveAs("etag")),
                  http("panel again")
                      .get("/v1/jobs/#{id}/panels/#{n}")
                      .header("If-None-Match", "#{etag}")
                      .check(status().is(304))));

  /** Gatling calls this. */
  public PanelSetLoad() {
    LoadSettings settings = LoadSettings.published();
    ExampleRequests requests = requests(settings);
    double jobs = settings.jobsPerSecond();
    setUp(
            single(requests).injectOpen(arriving(jobs * (1 - IN_BATCHES), settings)),
            batch(requests)
                .injectOpen(arriving(jobs * IN_BATCHES / ExampleRequests.BATCH, settings)))
        .protocols(protocol(settings))
        .assertions(
            global().failedRequests().count().is(0L),
            details(SUBMIT)
                .responseTime()
                .percentile(99.0)
                .lte((int) settings.acceptLimit().toMillis()),
            details(FIRST_STEP)
                .responseTime()
                .percentile(95.0)
                .lte((int) settings.waitLimit().toMillis()));
  }

  private static ExampleRequests requests(LoadSettings settings) {
    try (DispatcherClient client = new DispatcherClient(settings.dispatcher())) {
      return ExampleRequests.of(client);
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the load began", stopping);
    }
  }

  /** A Poisson process. */
  private static OpenInjectionStep arriving(double usersPerSecond, LoadSettings settings) {
    return constantUsersPerSec(usersPerSecond).during(settings.duration()).randomized();
  }

  private static ScenarioBuilder single(ExampleRequests requests) {
    return scenario("single")
        .exec(
            feed(requests.singles()),
            exec(submission(SUBMIT).check(status().is(202), jsonPath("$.id").saveAs("id")))
                .exitHereIfFailed(),
            randomSwitch()
                .on(
                    percent(20)
                        .then(
                            submission("submit again")
                                .check(status().is(202), jsonPath("$.id").isEL("#{id}")))),
            randomSwitch().on(percent(50).then(FOLLOWED), percent(50).then(ASKED_FOR)),
            exec(session -> session).exitHereIfFailed(),
            FETCHED);
  }

  private static HttpRequestActionBuilder submission(String name) {
    return http(name)
        .post("/v1/jobs")
        .header("Idempotency-Key", "#{key}")
        .header("Content-Type", "application/json")
        .body(StringBody("#{request}"));
  }

  private static ScenarioBuilder batch(ExampleRequests requests) {
    return scenario("batch")
        .exec(
            feed(requests.batches()),
            exec(http("batch of " + ExampleRequests.BATCH)
                    .post("/v1/jobs:batch")
                    .header("Content-Type", "application/x-ndjson")
                    .body(StringBody("#{lines}"))
                    .check(
                        status().is(200),
                        regex("\"refused\":0").exists(),
                        regex("\"id\":\"(j-[^\"]+)\"")
                            .findAll()
                            .transform(ids -> ids.size() == ExampleRequests.BATCH ? ids : null)
                            .saveAs("ids")))
                .exitHereIfFailed(),
            foreach("#{ids}", "id").on(ASKED_FOR));
  }

  /** Without this, Gatling warms up with a request to its vendor's site. */
  private static HttpProtocolBuilder protocol(LoadSettings settings) {
    String dispatcher = settings.dispatcher().toString();
    return http.baseUrl(dispatcher).warmUp(dispatcher + "/v1/tasks").disableCaching();
  }
}
