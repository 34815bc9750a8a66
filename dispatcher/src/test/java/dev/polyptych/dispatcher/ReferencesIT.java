package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesIT {
  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
    caller = running.caller();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void aPictureIsKeptUnderAKeyOfItsContent(String format) throws Exception {
    byte[] picture = picture(format, 40, 30);

    HttpResponse<byte[]> first = put(picture);
    JsonNode kept = ApiCaller.json(first);
    JsonNode again = ApiCaller.json(put(picture));

    assertEquals(201, first.statusCode());
    assertEquals("40 x 30", kept.path("width") + " x " + kept.path("height"));
    assertEquals(kept.path("key"), again.path("key"));
    Instant expires = Instant.parse(kept.path("expires").textValue());
    assertTrue(expires.isAfter(Instant.now().plus(Duration.ofHours(23))), kept::toString);
  }

  @Test
  void whatIsNoPictureIsRefusedWhateverItIsCalled() {
    assertProblem(
        put("GIF89a and more".getBytes(StandardCharsets.US_ASCII)), 415, "no PNG, JPEG or WebP");
    assertProblem(put(new byte[0]), 415, "no PNG, JPEG or WebP");
  }

  @Test
  void aPictureWithoutASizeIsRefused() throws Exception {
    byte[] cut = Arrays.copyOf(picture("png", 40, 30), 20);

    assertProblem(put(cut), 422, "save it again");
  }

  @Test
  void aPictureThatIsTooLargeIsRefused() throws Exception {
    byte[] large = Arrays.copyOf(picture("png", 40, 30), (16 << 20) + 1);

    assertProblem(put(large), 413, "16777216 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void aPictureThatIsCutOffIsRefused(String format) throws Exception {
    byte[] whole = picture(format, 40, 30);

    assertProblem(put(Arrays.copyOf(whole, whole.length - 3)), 422, "the picture is cut off");
  }

  @Test
  void aPictureWithFewerRowsThanItsHeaderSaysIsRefused() throws Exception {
    byte[] png = picture("png", 40, 30);
    png[23] = 31;

    assertProblem(put(png), 422, "fewer pixels than its header says; save it again");
  }

  @Test
  void aPictureThatIsTooLongForItsWidthIsRefused() throws Exception {
    assertProblem(put(picture("png", 1, 257)), 422, "1 x 257 pixels, more than 256 times as long");
  }

  @Test
  void onlyAReRollSetsRerollOf() {
    HttpResponse<byte[]> answer = caller.submit(Requests.coupleWith("\"rerollOf\": \"j-1\""));

    assertEquals(422, answer.statusCode());
    assertEquals("rerollOf", ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  @Test
  void aTextWithNulIsRefused() {
    HttpResponse<byte[]> answer = caller.submit(Requests.coupleWith("\"label\": \"a\\u0000\""));

    assertEquals(422, answer.statusCode());
    assertEquals("label", ApiCaller.json(answer).at("/errors/0/field").textValue());
  }

  @Test
  void aJobMayReferToAKeptPicture() throws Exception {
    String key = key(picture("png", 40, 30));

    HttpResponse<byte[]> answer =
        caller.submit(
            Requests.coupleWith("\"references\": [{\"panel\": 2, \"key\": \"" + key + "\"}]"));

    assertEquals(202, answer.statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'panel': 2, 'key': 'KEY'}, {'panel': 1, 'key': 'gone'}] | references",
        "[{'panel': 1, 'key': 'gone'}] | references[0].key",
        "[{'panel': 3, 'key': 'KEY'}] | references[0].panel",
        "[{'panel': 1, 'key': 'KEY'}, {'panel': 1, 'key': 'KEY'}] | references[1].panel",
        "[{'panel': 1, 'key': 'KEY', 'x': 1}] | references[0].x",
        "[{'key': 'KEY'}] | references[0].panel",
        "[{'panel': 1, 'key': 'KEY'}], 'strength': 0.5 | strength",
        "{'panel': 1} | references"
      })
  void aReferenceThatDoesNotFitIsNamed(String references, String field) throws Exception {
    String body =
        "\"references\": "
            + references.replace('\'', '"').replace("KEY", key(picture("png", 40, 30)));

    HttpResponse<byte[]> answer = caller.submit(Requests.coupleWith(body));

    assertEquals(422, answer.statusCode());
    assertEquals(field, ApiCaller.json(answer).path("errors").path(0).path("field").textValue());
  }

  private static String key(byte[] picture) {
    return ApiCaller.json(put(picture)).path("key").textValue();
  }

  private static HttpResponse<byte[]> put(byte[] picture) {
    return caller.send(
        caller
            .request("/v1/references")
            .header("Content-Type", "image/png")
            .PUT(BodyPublishers.ofByteArray(picture)));
  }

  private static byte[] picture(String format, int width, int height) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, bytes);
    return bytes.toByteArray();
  }

  private static void assertProblem(HttpResponse<byte[]> answer, int status, String detail) {
    JsonNode problem = ApiCaller.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertTrue(problem.path("detail").textValue().contains(detail), problem::toString);
  }
}
