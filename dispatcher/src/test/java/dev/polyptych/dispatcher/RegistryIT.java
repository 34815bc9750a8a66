package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters and tasks that are registered while the dispatcher runs. */
class RegistryIT {
  /** Width of tiny's attention. */
  private static final int WIDTH = 64;

  @TempDir private static Path folder;

  private static RedisServer redis;
  private static RunningDispatcher open;
  private static TwoTenants tenants;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    Map<String, String> settings =
        Map.of(
            "objects",
            folder.resolve("objects").toUri().toString(),
            "sourceFolders",
            folder.toString(),
            "adapterMegabytes",
            "1");
    open = RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), settings);
    tenants = new TwoTenants("", redis.uri(), settings);
    caller = open.caller();
  }

  @AfterAll
  static void stop() {
    tenants.close();
    open.close();
    redis.close();
  }

  @Test
  void theNextJobDrawsWithWhatWasUploadedAndThenWithTheNewestBytes() throws Exception {
    Path first = adapter("first", 0.5f);
    Path second = adapter("second", 0.7f);

    JsonNode one = registered(caller, "ink-style", first);
    PinnedAdapter before = pinned("\"adapters\": [{\"name\": \"ink-style\", \"scale\": -0.5}]");
    JsonNode two = registered(caller, "ink-style", second);
    PinnedAdapter after = pinned("\"adapters\": [{\"name\": \"ink-style\"}]");
    PinnedAdapter old = pinned("\"adapters\": [{\"name\": \"ink-style@1\"}]");

    assertEquals(List.of(1, 2), List.of(one.path("number").asInt(), two.path("number").asInt()));
    assertEquals(Sha256.of(first), one.path("sha256").textValue());
    assertEquals(4, one.at("/content/rank").asInt());
    assertEquals(
        new PinnedAdapter("ink-style", Optional.of(1), Optional.of(Sha256.of(first)), -0.5),
        before);
    assertEquals(Optional.of(Sha256.of(second)), after.digest());
    assertEquals(Optional.of(Sha256.of(first)), old.digest());
    assertEquals(1, registered(caller, "ink-style", first).path("number").asInt());
    assertEquals(2, json(caller.get("/v1/adapters/ink-style")).path("versions").size());
  }

  @Test
  void aJobDrawsWithSeveralInTheirOrder() throws Exception {
    Path file = adapter("several", 0.1f);
    registered(caller, "few-steps", file);

    List<PinnedAdapter> pins =
        pins(
            "\"adapters\": [{\"name\": \"couple-profile\"}, {\"name\": \"few-steps\", \"scale\":"
                + " 2}]");

    assertEquals(
        List.of(
            PinnedAdapter.named("couple-profile", 1),
            new PinnedAdapter("few-steps", Optional.of(1), Optional.of(Sha256.of(file)), 2)),
        pins);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"name\": \"nobody\"}] | UNKNOWN_ADAPTER | adapters[0].name",
        "[{\"name\": \"couple-profil\"}] | UNKNOWN_ADAPTER | adapters[0].name",
        "[{\"name\": \"couple-profile@7\"}] | UNKNOWN_ADAPTER | adapters[0].name",
        "[{\"name\": \"couple-profile\", \"scale\": 4.5}] | INVALID_FIELD | adapters[0].scale",
        "[{\"name\": \"couple-profile\"}, {\"name\": \"couple-profile\"}] | INVALID_FIELD |"
            + " adapters[1].name",
        "[{\"name\": \"Couple\"}] | INVALID_FIELD | adapters[0].name",
        "[{}, {}, {}, {}, {}] | INVALID_FIELD | adapters",
      })
  void whatNoJobCanDrawWithIsRefusedByItsField(String adapters, String code, String field) {
    HttpResponse<byte[]> answer = caller.submit(Requests.coupleWith("\"adapters\": " + adapters));

    assertEquals(422, answer.statusCode());
    assertEquals(code, json(answer).at("/errors/0/code").textValue());
    assertEquals(field, json(answer).at("/errors/0/field").textValue());
  }

  @Test
  void aSourceIsFetchedAndHeldAgainstItsDigest() throws Exception {
    Path file = adapter("sourced", 0.3f);
    String source = "{\"source\": \"%s\", \"sha256\": \"%s\"}";

    HttpResponse<byte[]> wrong = put("sourced", source.formatted(file.toUri(), "0".repeat(64)));
    HttpResponse<byte[]> right = put("sourced", source.formatted(file.toUri(), Sha256.of(file)));
    HttpResponse<byte[]> outside = put("sourced", "{\"source\": \"file:///etc/hostname\"}");

    assertEquals(422, wrong.statusCode());
    assertEquals("source", json(wrong).at("/errors/0/field").textValue());
    assertEquals(200, right.statusCode());
    assertEquals(file.toUri().toString(), json(right).path("source").textValue());
    assertEquals(422, outside.statusCode());
  }

  @Test
  void aFileThatIsNoAdapterOfTheBaseIsNamedAndNothingIsKept() throws Exception {
    Path other = folder.resolve("other.safetensors");
    new SafetensorsWriter()
        .add(
            "transformer.transformer_blocks.9.attn.to_q.lora_A.weight", List.of(4L, 64L), ones(256))
        .add(
            "transformer.transformer_blocks.9.attn.to_q.lora_B.weight", List.of(64L, 4L), ones(256))
        .write(other);
    Path text = Files.writeString(folder.resolve("text"), "<html>not found</html>");

    HttpResponse<byte[]> unfit = upload(caller, "unfit", other);
    HttpResponse<byte[]> page = upload(caller, "unfit", text);

    assertEquals(422, unfit.statusCode());
    assertEquals("INVALID_ADAPTER", json(unfit).path("code").textValue());
    assertTrue(json(unfit).path("detail").textValue().contains("transformer_blocks.9"));
    assertEquals("INVALID_ADAPTER", json(page).path("code").textValue());
    assertEquals(404, caller.get("/v1/adapters/unfit").statusCode());
  }

  @Test
  void aFileBeyondTheLimitIsRefused() throws Exception {
    Path large = Files.write(folder.resolve("large"), new byte[1_000_001]);

    HttpResponse<byte[]> answer = upload(caller, "large", large);

    assertEquals(413, answer.statusCode());
  }

  @Test
  void aRemovedAdapterIsHiddenFromNewJobs() throws Exception {
    registered(caller, "passing", adapter("passing", 0.9f));

    assertEquals(1, json(caller.delete("/v1/adapters/passing")).path("removed").size());

    HttpResponse<byte[]> answer =
        caller.submit(Requests.coupleWith("\"adapters\": [{\"name\": \"passing\"}]"));
    assertEquals("UNKNOWN_ADAPTER", json(answer).at("/errors/0/code").textValue());
    assertEquals(404, caller.delete("/v1/adapters/passing").statusCode());
  }

  @Test
  void aRegisteredTaskIsDrawnAtOnceAndARemovedOneIsUnknown() {
    String task =
        """
        id: three-inks
        title: Three inks
        adapters: []
        layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
        template: "{prompt}; {panel1}; {panel2}"
        defaults: {steps: 2, guidance: 1.0, adapterScale: 1.0}
        example: {prompt: inks, panels: [a, b]}
        """;
    HttpRequest.Builder put =
        caller
            .request("/v1/tasks/three-inks")
            .header("Content-Type", "application/yaml")
            .PUT(BodyPublishers.ofString(task));
    String job = "{\"task\": \"three-inks\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"]}";

    assertEquals(200, caller.send(put).statusCode());
    List<PinnedAdapter> alone = pinsOf(job);
    JsonNode listed = json(caller.get("/v1/tasks"));
    assertEquals(200, caller.delete("/v1/tasks/three-inks").statusCode());

    assertEquals(List.of(), alone);
    assertTrue(listed.path("tasks").findValuesAsText("id").contains("three-inks"));
    assertEquals("UNKNOWN_TASK", json(caller.submit(job)).at("/errors/0/code").textValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adapter: nobodys-adapter | adapter",
        "adapters: [{name: nobodys-adapter}] | adapters[0].name",
      })
  void aTaskWhoseAdapterNobodyHasIsRefused(String adapter, String field) {
    String task =
        """
        id: dreams
        title: Dreams
        %s
        layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
        template: "{prompt}; {panel1}; {panel2}"
        defaults: {steps: 2, guidance: 1.0, adapterScale: 1.0}
        example: {prompt: dreams, panels: [a, b]}
        """
            .formatted(adapter);

    HttpResponse<byte[]> answer =
        caller.send(caller.request("/v1/tasks/dreams").PUT(BodyPublishers.ofString(task)));

    assertEquals("UNKNOWN_ADAPTER", json(answer).at("/errors/0/code").textValue());
    assertEquals(field, json(answer).at("/errors/0/field").textValue());
  }

  @Test
  void aTenantSeesItsOwnAndWhatIsForAll() throws Exception {
    registered(caller, "house-style", adapter("house", 0.2f));
    registered(tenants.anna(), "annas-style", adapter("annas", 0.4f));

    List<String> annas = names(tenants.anna());
    List<String> berts = names(tenants.bert());

    assertTrue(annas.containsAll(List.of("house-style", "annas-style")), annas::toString);
    assertTrue(berts.contains("house-style") && !berts.contains("annas-style"), berts::toString);
    assertEquals(404, tenants.bert().get("/v1/adapters/annas-style").statusCode());
    assertEquals(404, tenants.bert().delete("/v1/adapters/annas-style").statusCode());
    assertEquals(403, tenants.bert().delete("/v1/adapters/house-style").statusCode());
    assertEquals(
        422,
        tenants
            .bert()
            .submit(Requests.coupleWith("\"adapters\": [{\"name\": \"annas-style\"}]"))
            .statusCode());
  }

  @Test
  void withoutAnObjectStoreNothingCanBeRegistered() throws Exception {
    try (RunningDispatcher without = RunningDispatcher.start()) {
      HttpResponse<byte[]> answer = upload(without.caller(), "ink", adapter("ink", 1));

      assertEquals(501, answer.statusCode());
      assertTrue(json(answer).path("detail").textValue().contains("objects"));
    }
  }

  private static List<String> names(ApiCaller of) {
    return json(of.get("/v1/adapters")).path("adapters").findValuesAsText("name");
  }

  private static JsonNode registered(ApiCaller by, String name, Path file) {
    HttpResponse<byte[]> answer = upload(by, name, file);
    assertEquals(200, answer.statusCode(), () -> new String(answer.body(), UTF_8));
    return json(answer);
  }

  private static HttpResponse<byte[]> upload(ApiCaller by, String name, Path file) {
    try {
      return by.send(
          by.request("/v1/adapters/" + name)
              .header("Content-Type", "application/octet-stream")
              .PUT(BodyPublishers.ofFile(file)));
    } catch (java.io.FileNotFoundException gone) {
      throw new AssertionError(gone);
    }
  }

  private static HttpResponse<byte[]> put(String name, String json) {
    return caller.send(
        caller
            .request("/v1/adapters/" + name)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  private static PinnedAdapter pinned(String field) {
    return pins(field).getFirst();
  }

  private static List<PinnedAdapter> pins(String field) {
    return pinsOf(Requests.coupleWith(field));
  }

  /** What the job's record says. */
  private static List<PinnedAdapter> pinsOf(String job) {
    try (LaneTail lanes = new LaneTail(Backends.kafkaBootstrapServers())) {
      String id = caller.submitted(job);
      return lanes.records().stream()
          .map(record -> RenderRecord.read(record.value()))
          .map(read -> ((Validated.Valid<RenderRecord>) read).value())
          .filter(record -> record.id().equals(id))
          .findFirst()
          .orElseThrow()
          .pins()
          .orElseThrow()
          .adapters();
    }
  }

  private static Path adapter(String name, float value) {
    Path file = folder.resolve(name + ".safetensors");
    float[] values = new float[4 * WIDTH];
    Arrays.fill(values, value);
    String layer = "transformer.transformer_blocks.0.attn.to_q.";
    new SafetensorsWriter()
        .add(layer + "lora_A.weight", List.of(4L, (long) WIDTH), values)
        .add(layer + "lora_B.weight", List.of((long) WIDTH, 4L), values)
        .write(file);
    return file;
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return ApiCaller.json(answer);
  }
}
