package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.RenderedSet;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every answer is held against the contract by the caller. */
class ReceiptIT {
  private static final String DIGEST = "0f".repeat(32);

  private static RunningDispatcher running;
  private static ApiCaller caller;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
    caller = running.caller();
    caller.submittedInTime(Requests.COUPLE);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void theReceiptIsAnsweredAsItsWorkerWroteIt() {
    String id = caller.submitted(Requests.COUPLE);
    byte[] receipt = Json.bytes(receipt(id));
    byte[] image = "image".getBytes(UTF_8);
    running
        .store()
        .finish(
            id,
            Worker.claims(running.store(), id),
            new RenderedSet(image, List.of(image, image), Optional.of(receipt)));

    HttpResponse<byte[]> answer = caller.get("/v1/jobs/" + id + "/receipt");

    assertEquals(200, answer.statusCode());
    assertEquals(Optional.of("application/json"), answer.headers().firstValue("Content-Type"));
    assertArrayEquals(receipt, answer.body());
  }

  @Test
  void whereThereIsNoneTheAnswerSaysWhy() {
    String open = caller.submitted(Requests.COUPLE);
    String cancelled = caller.submitted(Requests.COUPLE);
    caller.delete("/v1/jobs/" + cancelled);
    String without = caller.submitted(Requests.COUPLE);
    Worker.renders(running.store(), without);

    assertEquals("409 NOT_RENDERED", code(open));
    assertEquals("409 NOT_RENDERED", code(cancelled));
    assertEquals("404 UNKNOWN_RECEIPT", code(without));
    assertEquals("404 UNKNOWN_JOB", code("j-none"));
  }

  private static String code(String job) {
    HttpResponse<byte[]> answer = caller.get("/v1/jobs/" + job + "/receipt");
    return answer.statusCode() + " " + ApiCaller.json(answer).path("code").textValue();
  }

  private static Receipt receipt(String job) {
    JobRequest request =
        switch (JobRequestReader.read(Requests.COUPLE.getBytes(UTF_8))) {
          case Validated.Valid<JobRequest>(var valid) -> valid;
          case Validated.Invalid<JobRequest> invalid -> throw new AssertionError(invalid);
        };
    Receipt.AdapterFile adapter = new Receipt.AdapterFile("couple-profile", DIGEST, "branch", 1);
    return new Receipt(
        1,
        job,
        "w-1",
        1,
        new Receipt.ModelUsed("tiny", DIGEST, Map.of("vae/config.json", DIGEST)),
        Optional.of(adapter),
        List.of(adapter),
        new Receipt.CatalogEntry("tiny", "couple-profile", DIGEST),
        new Receipt.EngineUsed(Map.of("pytorch", "2.7.1"), "cpu()", "float32", 1),
        new Receipt.NoiseSchedule(
            "FlowMatchEulerDiscrete",
            1.5,
            List.of(1.0, 0.0),
            Optional.of(new Receipt.StepCacheUsed("first-block", 0.1, 0))),
        "two cats",
        Optional.of(new TextReading(20, 512, 21, 77, List.of(), List.of())),
        request);
  }
}
