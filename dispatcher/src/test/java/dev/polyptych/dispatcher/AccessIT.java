package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessIT {
  private static TwoTenants tenants;

  @BeforeAll
  static void start() {
    tenants = new TwoTenants("", Backends.redisUri(), Map.of());
  }

  @AfterAll
  static void stop() {
    tenants.close();
  }

  @Test
  void aKnownKeyMakesJobsOfItsTenant() {
    JsonNode status = ApiCaller.json(tenants.anna().submit(Requests.COUPLE));

    assertEquals(tenants.annasId(), status.path("tenant").textValue());
  }

  @Test
  void noOperationAnswersWithoutAKey() throws IOException {
    int operations = 0;
    for (var path : contract().path("paths").properties()) {
      for (String method : new String[] {"get", "put", "post", "delete"}) {
        if (path.getValue().has(method)) {
          operations++;
          HttpResponse<byte[]> answer = without(method, path.getKey());
          assertUnauthenticated(answer, "Bearer realm=\"polyptych\"");
        }
      }
    }
    // A callback has an id, too, but is an operation of its receiver.
    int callbacks = contract().path("paths").findValues("callbacks").size();
    assertEquals(contract().path("paths").findValues("operationId").size(), operations + callbacks);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer pp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer",
        "Bearer ",
        "Basic cGFzc3dvcmQ=",
        "pp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      })
  void whatIsNoKnownKeyIsRefusedAndNotRepeated(String header) {
    ApiCaller stranger = tenants.running().caller();

    HttpResponse<byte[]> answer =
        stranger.send(stranger.request("/v1/tasks").header("Authorization", header));

    assertUnauthenticated(answer, "Bearer realm=\"polyptych\", error=\"invalid_token\"");
    assertFalse(new String(answer.body(), StandardCharsets.UTF_8).contains("AAAA"));
  }

  @Test
  void twoKeysAtOnceAreNone() {
    HttpResponse<byte[]> answer =
        tenants
            .anna()
            .send(tenants.anna().request("/v1/tasks").header("Authorization", "Bearer pp_other"));

    assertEquals(401, answer.statusCode());
  }

  @Test
  void theSchemeIsReadInAnyCase() {
    ApiCaller caller = tenants.running().caller();

    HttpResponse<byte[]> answer =
        caller.send(
            caller.request("/v1/tasks").header("Authorization", "bearer " + tenants.annasKey()));

    assertEquals(200, answer.statusCode());
  }

  @Test
  void theManagementPortAsksForNoKey() {
    HttpResponse<byte[]> answer = tenants.running().management().get("/health/live");

    assertEquals(200, answer.statusCode());
  }

  private static HttpResponse<byte[]> without(String method, String path) {
    ApiCaller caller = tenants.running().caller();
    String filled = path.replace("{id}", "j-none").replaceAll("\\{\\w+}", "1");
    return caller.send(
        caller
            .request(filled)
            .method(method.toUpperCase(java.util.Locale.ROOT), BodyPublishers.noBody()));
  }

  private static void assertUnauthenticated(HttpResponse<byte[]> answer, String challenge) {
    assertEquals(401, answer.statusCode(), () -> answer.request().toString());
    assertEquals(ErrorCode.UNAUTHENTICATED.name(), ApiCaller.json(answer).path("code").textValue());
    assertEquals(challenge, answer.headers().firstValue("WWW-Authenticate").orElseThrow());
  }

  private static JsonNode contract() throws IOException {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    }
  }
}
