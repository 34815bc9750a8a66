package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.error.ErrorCode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files, of a dispatcher that asks for keys, to somebody without one. */
class ConsolePageIT {
  private static TwoTenants tenants;
  private static ApiCaller stranger;

  @BeforeAll
  static void start() {
    tenants = new TwoTenants("", Backends.redisUri(), Map.of());
    stranger = tenants.running().caller();
  }

  @AfterAll
  static void stop() {
    tenants.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console"})
  void theRootLeadsToTheConsole(String path) {
    HttpResponse<String> answer = get(path);

    assertEquals(302, answer.statusCode());
    assertEquals("/console/", stranger.uri(path).resolve(header(answer, "Location")).getPath());
  }

  @Test
  void thePageIsForEverybodyAndLetsNothingInFromElsewhere() {
    HttpResponse<String> answer = get("/console/");

    assertEquals(200, answer.statusCode());
    assertEquals("text/html; charset=utf-8", header(answer, "Content-Type"));
    assertEquals("no-cache", header(answer, "Cache-Control"));
    assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
    assertEquals("no-referrer", header(answer, "Referrer-Policy"));
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'",
        header(answer, "Content-Security-Policy"));
  }

  @Test
  void whatThePageLoadsMayBeKeptForGood() {
    Matcher named = Pattern.compile("(?:src|href)=\"([0-9a-f]{16}/[^\"]+)\"").matcher(page());
    int assets = 0;
    while (named.find()) {
      assets++;
      HttpResponse<String> answer = get("/console/" + named.group(1));
      assertEquals(200, answer.statusCode(), named.group(1));
      assertEquals("public, max-age=31536000, immutable", header(answer, "Cache-Control"));
      assertTrue(answer.headers().firstValue("Content-Security-Policy").isPresent());
    }
    assertTrue(assets > 10, () -> "the page names its files: " + page());
  }

  @Test
  void whoHasThePageAlreadyIsToldSo() {
    String tag = header(get("/console/"), "ETag");

    HttpResponse<String> again =
        stranger.send(
            stranger.request("/console/").header("If-None-Match", tag), BodyHandlers.ofString());

    assertEquals(304, again.statusCode());
    assertEquals("", again.body());
    assertEquals(tag, header(again, "ETag"));
  }

  @Test
  void aFileThatIsNotThereIsAProblemLikeAnyOther() {
    HttpResponse<String> answer = get("/console/0000000000000000/main.js");

    assertEquals(404, answer.statusCode());
    assertEquals(
        ErrorCode.UNKNOWN_PATH.name(), ApiCaller.json(answer.body()).path("code").textValue());
  }

  @Test
  void theConsoleCanOnlyBeRead() {
    HttpResponse<String> answer =
        stranger.send(
            stranger.request("/console/").POST(BodyPublishers.ofString("x")),
            BodyHandlers.ofString());

    assertEquals(405, answer.statusCode());
    assertEquals("GET, HEAD", header(answer, "Allow"));
  }

  @Test
  void theContractIsForEverybodyInYamlAndJson() throws IOException {
    HttpResponse<String> yaml = get("/openapi.yaml");
    HttpResponse<String> json = get("/openapi.json");

    assertEquals("application/yaml", header(yaml, "Content-Type"));
    assertEquals("application/json", header(json, "Content-Type"));
    assertEquals(new YAMLMapper().readTree(yaml.body()), ApiCaller.json(json.body()));
  }

  @Test
  void aPageShowsTheContractWithNothingFromElsewhere() {
    HttpResponse<String> page = get("/docs/");

    assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
    assertTrue(header(page, "Content-Security-Policy").startsWith("default-src 'none'"));
    Matcher named = Pattern.compile("(?:src|href)=\"(contract\\.[^\"]+)\"").matcher(page.body());
    assertEquals(
        List.of(200, 200),
        named.results().map(file -> get("/docs/" + file.group(1)).statusCode()).toList());
  }

  private static String page() {
    return get("/console/").body();
  }

  private static HttpResponse<String> get(String path) {
    return stranger.send(stranger.request(path), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
