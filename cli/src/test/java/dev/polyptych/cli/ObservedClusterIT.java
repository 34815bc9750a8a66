package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.json.Json;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A whole small cluster, watched from outside: its estimates, its metrics, its spans. */
class ObservedClusterIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String JOB =
      """
      {"task": "couple-profile", "prompt": "two cats", "panels": ["a black cat", "a white cat"],
       "steps": 5}
      """;
  private static final String FONT =
      """
      {"task": "font-design", "prompt": "a bold font", "panels": ["a", "b", "c", "d"], "steps": 2}
      """;
  private static final Set<String> STEPS =
      Set.of(
          "submitJob",
          "send polyptych.render.tiny.interactive",
          "wait",
          "render",
          "warm",
          "denoise",
          "decode",
          "encode",
          "publish");

  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static EmbeddedCluster cluster;
  private static DispatcherClient client;

  @BeforeAll
  static void start() throws Exception {
    OpenTelemetrySdk telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(SPANS))
                    .build())
            .build();
    Path model = TinyModels.folder();
    cluster = EmbeddedCluster.temporary(model, "tiny", telemetry);
    client = new DispatcherClient(cluster.dispatcher());
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
    HTTP.close();
  }

  @Test
  void oneTraceGoesFromTheRequestThroughKafkaToEachStepOfTheWorker() throws Exception {
    String id = submitted("00-" + TRACE + "-" + CALLER + "-01").path("id").textValue();
    assertEquals(JobState.DONE, client.follow(id, event -> {}).state());

    Map<String, SpanData> spans = spansOfTrace();

    assertEquals(CALLER, spans.get("submitJob").getParentSpanId());
    assertChild(spans, "submitJob", "send polyptych.render.tiny.interactive");
    assertChild(spans, "send polyptych.render.tiny.interactive", "wait");
    assertChild(spans, "send polyptych.render.tiny.interactive", "render");
    for (String step : List.of("warm", "denoise", "decode", "encode", "publish")) {
      assertChild(spans, "render", step);
    }
    assertEquals(5, spans.get("denoise").getEvents().size());
  }

  @Test
  void estimatesComeFromWhatTheWorkerMeasuredAndTheirErrorIsAMetric() throws Exception {
    String first = submitted(null).path("id").textValue();
    client.follow(first, event -> {});
    JsonNode measured =
        until(
            cluster.dispatcher().resolve("/v1/workers"),
            body ->
                body.at("/workers/0/load/jobSeconds").doubleValue() > 0
                    && body.at("/workers/0/adapter").asText().equals("couple-profile"));

    JsonNode told = submittedWithEstimate();
    String second = told.path("id").textValue();
    client.follow(second, event -> {});

    JsonNode load = measured.at("/workers/0/load");
    assertTrue(load.path("tokenSeconds").doubleValue() > 0, load::toString);
    assertTrue(load.path("resident").toString().contains("couple-profile"), load::toString);
    JsonNode estimate = told.path("estimate");
    assertTrue(estimate.path("gpuSeconds").doubleValue() > 0, told::toString);
    Instant accepted = Instant.parse(told.at("/times/accepted").textValue());
    Instant start = Instant.parse(estimate.path("start").textValue());
    assertFalse(start.isBefore(accepted), told::toString);
    String metrics = get(workerMetrics());
    assertTrue(count(metrics, "gpu_seconds_ratio") >= 1, metrics);
    assertTrue(count(metrics, "start_lateness_seconds") >= 1, metrics);
    StringWriter out = new StringWriter();
    int status =
        Polyptych.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("why", second, "--dispatcher", cluster.dispatcher().toString());
    assertEquals(0, status);
    assertTrue(out.toString().contains("SETTLED"), out::toString);
  }

  @Test
  void workersAndPlacementShowTheMapToPeopleAndToPrograms() throws Exception {
    client.follow(submitted(FONT, null).path("id").textValue(), event -> {});
    until(
        cluster.dispatcher().resolve("/v1/tasks/font-design/placement"),
        report -> report.at("/next/reason").asText().equals("warm"));

    String workers = told("workers");
    String placement = told("placement", "font-design");
    JsonNode json = Json.mapper().readTree(told("placement", "font-design", "--json"));

    assertTrue(workers.startsWith("WORKER"), workers);
    assertTrue(workers.contains("font-design*"), workers);
    assertTrue(Pattern.compile(" 0-\\d+ ").matcher(workers).find(), workers);
    String partition = json.at("/next/partition").asText();
    assertTrue(placement.contains(">  " + partition), placement);
    assertTrue(placement.contains("next: partition " + partition + ", warm: "), placement);
    assertEquals("font-design", json.path("adapter").textValue());
  }

  @Test
  void aTaskThatIsNotThereAndADispatcherThatIsNotThereAreToldClearly() {
    StringWriter err = new StringWriter();

    int unknown =
        Polyptych.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("placement", "couple-profil", "--dispatcher", cluster.dispatcher().toString());
    int nobody =
        Polyptych.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("workers", "--dispatcher", "http://127.0.0.1:" + FreePort.next());

    assertEquals(1, unknown);
    assertEquals(1, nobody);
    assertTrue(err.toString().contains("did you mean 'couple-profile'?"), err::toString);
    assertTrue(
        err.toString().contains("no dispatcher answers at http://127.0.0.1:"), err::toString);
  }

  private static String told(String... question) {
    StringWriter out = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(question));
    arguments.addAll(List.of("--dispatcher", cluster.dispatcher().toString()));
    int status =
        Polyptych.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(arguments.toArray(String[]::new));
    assertEquals(0, status);
    return out.toString();
  }

  /**
   * Submits until an answer tells a start; a view of the cluster that is just renewed knows none.
   */
  private static JsonNode submittedWithEstimate() throws Exception {
    Instant end = Instant.now().plus(Duration.ofSeconds(30));
    JsonNode told = submitted(null);
    while (told.at("/estimate/start").isMissingNode()
        || told.at("/estimate/gpuSeconds").isMissingNode()) {
      assertTrue(Instant.now().isBefore(end), told::toString);
      client.follow(told.path("id").textValue(), event -> {});
      told = submitted(null);
    }
    return told;
  }

  private static void assertChild(Map<String, SpanData> spans, String parent, String child) {
    assertEquals(spans.get(parent).getSpanId(), spans.get(child).getParentSpanId(), child);
  }

  /** All there are to be, by name; the last ends a moment after its job. */
  private static Map<String, SpanData> spansOfTrace() throws InterruptedException {
    Map<String, SpanData> spans = new HashMap<>();
    for (int tries = 0; tries < 500 && !spans.keySet().containsAll(STEPS); tries++) {
      assertFalse(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
      SPANS.getFinishedSpanItems().stream()
          .filter(span -> span.getTraceId().equals(TRACE))
          .forEach(span -> spans.put(span.getName(), span));
    }
    assertEquals(STEPS, spans.keySet());
    return spans;
  }

  private static JsonNode submitted(String traceparent) throws Exception {
    return submitted(JOB, traceparent);
  }

  private static JsonNode submitted(String job, String traceparent) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(cluster.dispatcher().resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(job));
    if (traceparent != null) {
      request.header("traceparent", traceparent);
    }
    return Json.mapper().readTree(HTTP.send(request.build(), BodyHandlers.ofString()).body());
  }

  private static JsonNode until(URI uri, java.util.function.Predicate<JsonNode> holds)
      throws Exception {
    Instant end = Instant.now().plus(Duration.ofSeconds(30));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    JsonNode body = Json.mapper().nullNode();
    while (!holds.test(body)) {
      assertTrue(Instant.now().isBefore(end), body::toString);
      assertFalse(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
      body = Json.mapper().readTree(HTTP.send(request.build(), BodyHandlers.ofString()).body());
    }
    return body;
  }

  private static String get(URI uri) throws Exception {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static URI workerMetrics() {
    Matcher address =
        Pattern.compile(", (http://\\S+/metrics) \\(worker\\)").matcher(cluster.report());
    assertTrue(address.find(), cluster::report);
    return URI.create(address.group(1));
  }

  private static long count(String metrics, String histogram) {
    Matcher line =
        Pattern.compile("polyptych_worker_" + histogram + "_count(?:\\{[^}]*})? (\\d+)")
            .matcher(metrics);
    return line.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }
}
