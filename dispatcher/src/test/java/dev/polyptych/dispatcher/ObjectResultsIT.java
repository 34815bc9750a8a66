package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.RenderedSet;
import dev.polyptych.store.ResultLocation;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.StoredRequests;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectResultsIT {
  private static final String BUCKET = "s3://pictures/cluster";
  private static final byte[] SHEET = new byte[700_000];

  private static S3Server s3;
  private static RedisServer redis;
  private static RunningDispatcher signing;
  private static RunningDispatcher streaming;
  private static RunningDispatcher blind;
  private static SharedObjects objects;
  private static ResultObjects results;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    new Random(1).nextBytes(SHEET);
    s3 = S3Server.start("pictures");
    redis = RedisServer.start();
    Map<String, String> store =
        Map.of("objects", BUCKET, "objectsEndpoint", s3.endpoint().toString());
    streaming = dispatcher(store);
    signing =
        dispatcher(
            Map.of(
                "objects",
                BUCKET,
                "objectsEndpoint",
                s3.endpoint().toString(),
                "resultLinks",
                "signed",
                "results",
                "objects"));
    blind = dispatcher(Map.of());
    objects =
        SharedObjects.open(
            new ObjectSettings(URI.create(BUCKET), Optional.of(s3.endpoint())), streaming.redis());
    results = new ResultObjects(objects, streaming.redis(), Retention.DEFAULT.results());
  }

  private static RunningDispatcher dispatcher(Map<String, String> more) {
    return RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), more);
  }

  @AfterAll
  static void stop() throws Exception {
    objects.close();
    List.of(blind, signing, streaming).forEach(RunningDispatcher::close);
    redis.close();
    s3.close();
  }

  @Test
  void imagesAreStreamedWithTheHeadThatTheyHadFromRedis() {
    // Given
    String id = rendered();
    // When
    HttpResponse<byte[]> sheet = streaming.caller().get("/v1/jobs/" + id + "/sheet");
    HttpResponse<byte[]> second = streaming.caller().get("/v1/jobs/" + id + "/panels/2");
    // Then
    assertArrayEquals(SHEET, sheet.body());
    assertEquals("panel two", new String(second.body(), UTF_8));
    assertEquals(Optional.of("image/png"), sheet.headers().firstValue("Content-Type"));
    assertEquals(Optional.of("700000"), sheet.headers().firstValue("Content-Length"));
    assertEquals(
        Optional.of("private, max-age=31536000, immutable"),
        sheet.headers().firstValue("Cache-Control"));
    assertEquals(
        Optional.of('"' + location(id).digest(2) + '"'), second.headers().firstValue("ETag"));
  }

  @Test
  void whoHoldsTheImageGetsItsTagOnly() {
    // Given
    String path = "/v1/jobs/" + rendered() + "/sheet";
    String tag = streaming.caller().get(path).headers().firstValue("ETag").orElseThrow();
    // When
    HttpResponse<byte[]> again =
        streaming.caller().send(streaming.caller().request(path).header("If-None-Match", tag));
    // Then
    assertEquals(304, again.statusCode());
    assertEquals(0, again.body().length);
  }

  @Test
  void aSignedLinkIsReadWithoutAKeyAndIsNotKept() throws Exception {
    // Given
    String path = "/v1/jobs/" + rendered() + "/sheet";
    // When
    HttpResponse<byte[]> redirect = signing.caller().get(path);
    // Then
    assertEquals(307, redirect.statusCode());
    assertEquals(Optional.of("no-store"), redirect.headers().firstValue("Cache-Control"));
    URI link = URI.create(redirect.headers().firstValue("Location").orElseThrow());
    try (HttpClient http = HttpClient.newHttpClient()) {
      var image = http.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray());
      assertEquals(200, image.statusCode());
      assertArrayEquals(SHEET, image.body());
    }
  }

  @Test
  void whoPrefersTheBytesGetsThemWhereLinksAreSigned() {
    // Given
    String path = "/v1/jobs/" + rendered() + "/sheet";
    // When
    HttpResponse<byte[]> image =
        signing
            .caller()
            .send(signing.caller().request(path).header("Prefer", "return=representation"));
    // Then
    assertEquals(200, image.statusCode());
    assertArrayEquals(SHEET, image.body());
  }

  @Test
  void imagesThatWereDeletedAreGone() {
    // Given
    String id = rendered();
    ResultLocation location = location(id);
    objects.delete(location.prefix() + "panel-1.png");
    // When, Then
    for (RunningDispatcher dispatcher : List.of(streaming, signing)) {
      HttpResponse<byte[]> answer = dispatcher.caller().get("/v1/jobs/" + id + "/panels/1");
      assertProblem(answer, 410, "RESULT_EXPIRED", "submit it again");
    }
    assertEquals(200, streaming.caller().get("/v1/jobs/" + id + "/panels/2").statusCode());
  }

  @Test
  void aDispatcherWithoutTheObjectStoreDoesNotCallImagesGone() {
    HttpResponse<byte[]> answer = blind.caller().get("/v1/jobs/" + rendered() + "/sheet");
    assertProblem(answer, 503, "OBJECTS_UNAVAILABLE", "again");
  }

  @Test
  void aPanelIsDrawnAgainFromImagesInTheObjectStore() {
    // Given
    String id = rendered();
    // When
    HttpResponse<byte[]> again =
        signing
            .caller()
            .send(
                signing
                    .caller()
                    .request("/v1/jobs/" + id + "/panels/1:reroll")
                    .POST(HttpRequest.BodyPublishers.noBody()));
    // Then
    assertEquals(202, again.statusCode(), () -> new String(again.body(), UTF_8));
    String job = ApiCaller.json(again).path("id").textValue();
    String key =
        new StoredRequests(redis()).find(job).orElseThrow().request().references().getFirst().key();
    assertEquals(List.of("panel two".length()), referenceSizes(key));
    assertEquals("panel two", new String(references().find("default", key).orElseThrow(), UTF_8));
  }

  @Test
  void anUploadedReferenceGoesToTheObjectStoreAndEveryDispatcherTakesJobsWithIt() throws Exception {
    // Given
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png", png);
    // When
    HttpResponse<byte[]> kept =
        signing
            .caller()
            .send(
                signing
                    .caller()
                    .request("/v1/references")
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(png.toByteArray())));
    // Then
    assertEquals(201, kept.statusCode());
    String key = ApiCaller.json(kept).path("key").textValue();
    assertEquals(List.of(png.size()), referenceSizes(key));
    assertArrayEquals(png.toByteArray(), references().find("default", key).orElseThrow());
    String reference = "\"references\": [{\"panel\": 2, \"key\": \"" + key + "\"}]";
    for (RunningDispatcher dispatcher : List.of(signing, streaming, blind)) {
      HttpResponse<byte[]> answer = dispatcher.caller().submit(Requests.coupleWith(reference));
      assertEquals(202, answer.statusCode(), () -> new String(answer.body(), UTF_8));
    }
  }

  @Test
  void anArchiveHoldsTheWholeSet() throws Exception {
    // Given
    String id = rendered();
    // When
    HttpResponse<byte[]> archive = signing.caller().get("/v1/jobs/" + id + "/archive");
    // Then
    assertEquals(200, archive.statusCode());
    assertEquals(
        Optional.of("attachment; filename=\"" + id + ".zip\""),
        archive.headers().firstValue("Content-Disposition"));
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    assertEquals(
        List.of(id + "/sheet.png", id + "/panel-1.png", id + "/panel-2.png", id + "/receipt.json"),
        List.copyOf(files.keySet()));
    assertArrayEquals(SHEET, files.get(id + "/sheet.png"));
    assertEquals("panel two", new String(files.get(id + "/panel-2.png"), UTF_8));
    assertEquals("{}", new String(files.get(id + "/receipt.json"), UTF_8));
  }

  @Test
  void anArchiveOfImagesThatAreGoneIsGone() {
    // Given
    String id = rendered();
    objects.delete(location(id).prefix() + "sheet.png");
    // When
    HttpResponse<byte[]> archive = streaming.caller().get("/v1/jobs/" + id + "/archive");
    // Then
    assertProblem(archive, 410, "RESULT_EXPIRED", "submit it again");
    assertProblem(streaming.caller().get("/v1/jobs/j-none/archive"), 404, "UNKNOWN_JOB", "no job");
  }

  @Test
  void anArchiveWhoseImageVanishesIsBrokenOff() {
    // Given
    String id = rendered();
    objects.delete(location(id).prefix() + "panel-2.png");
    // When, Then
    assertThrows(
        UncheckedIOException.class, () -> streaming.caller().get("/v1/jobs/" + id + "/archive"));
  }

  @Test
  void aDispatcherWithAFolderOfItsOwnDoesNotStart(@TempDir Path folder) {
    var refused =
        assertThrows(
            IllegalStateException.class,
            () -> dispatcher(Map.of("objects", folder.toUri().toString())));
    assertTrue(refused.getMessage().contains("store-id"), refused::getMessage);
  }

  private static RedisConnection redis() {
    return streaming.redis();
  }

  private static ReferenceStore references() {
    return new ReferenceStore(
        redis(), Retention.DEFAULT, Optional.of(objects), true, Clock.systemUTC());
  }

  private static List<Integer> referenceSizes(String key) {
    List<Integer> sizes = new ArrayList<>();
    objects.list("references/default/" + key + "/", entry -> sizes.add((int) entry.size()));
    return sizes;
  }

  private static String rendered() {
    String id = streaming.caller().submitted(Requests.COUPLE);
    int attempt = Worker.claims(streaming.store(), id);
    List<byte[]> panels = List.of("panel one".getBytes(UTF_8), "panel two".getBytes(UTF_8));
    ResultLocation location =
        results.put(
            "default", id, attempt, ImageFormat.PNG, new RenderedSet(SHEET, panels), Instant.now());
    streaming.store().finish(id, attempt, location, Optional.of("{}".getBytes(UTF_8)));
    return id;
  }

  private static ResultLocation location(String id) {
    return new JobResults(streaming.redis()).location(id).orElseThrow();
  }

  private static void assertProblem(
      HttpResponse<byte[]> answer, int status, String code, String detail) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertEquals(code, problem.path("code").textValue());
    assertTrue(problem.path("detail").textValue().contains(detail), problem::toString);
  }
}
