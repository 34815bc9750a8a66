package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import dev.polyptych.worker.publish.ImageEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiptIT {
  /** Written by the build. */
  private static final Path MODEL = TinyModels.folder();

  private static final String REQUEST =
      """
      {"task": "couple-profile", "prompt": "two cats", "panels": ["a black cat", "a white cat"],
       "seed": 7, "steps": 3, "guidance": 2.5, "adapterScale": 0.7, "format": "webp",
       "metadata": {"order": "A-17"}, "deadline": {"finishBy": "2126-11-30T18:00:00Z"},
       "previews": true, "lane": "interactive"}
      """;

  @Test
  void whatAReceiptSaysDrawsTheSameSheetAgain() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.startWithModel("w1", MODEL);
      byte[] picture = ImageEncoder.encode(noise(64, 64), ImageFormat.WEBP);
      ReferenceStore references = new ReferenceStore(bench.redis, Retention.DEFAULT);
      String key = ((Shelving.Kept) references.put("tester", picture, OptionalLong.empty())).key();
      JobRequest asked = read(REQUEST).withReferences(List.of(new Reference(2, key)));
      RenderJob first = bench.submit(asked);
      bench.awaitState(first.id(), JobState.DONE);
      JsonNode receipt = receipt(bench, first);
      // When
      RenderJob again = bench.submit(read(receipt.path("request").toString()));
      RenderJob other = bench.submit(asked.withReferences(List.of()));
      bench.awaitState(again.id(), JobState.DONE);
      bench.awaitState(other.id(), JobState.DONE);
      // Then
      assertArrayEquals(sheet(bench, first), sheet(bench, again));
      assertFalse(Arrays.equals(sheet(bench, first), sheet(bench, other)));
      assertEquals(withoutIds(receipt), withoutIds(receipt(bench, again)));
      assertEquals(
          List.of(
              "task",
              "prompt",
              "panels",
              "seed",
              "steps",
              "guidance",
              "adapterScale",
              "layout",
              "format",
              "references",
              "reference"),
          receipt.path("request").propertyStream().map(Map.Entry::getKey).toList());
    }
  }

  @Test
  void aReceiptNamesFilesVersionsAndSchedule() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.startWithModel("w1", MODEL);
      RenderJob job = bench.submit(read(REQUEST));
      // When
      bench.awaitState(job.id(), JobState.DONE);
      // Then
      JsonNode receipt = receipt(bench, job);
      JsonNode files = receipt.at("/model/files");
      assertTrue(files.size() > 5, files::toString);
      for (String file : (Iterable<String>) files::fieldNames) {
        assertFalse(file.startsWith("adapters"), file);
        assertEquals(sha256(MODEL.resolve(file)), files.path(file).textValue(), file);
      }
      assertTrue(files.has("transformer/diffusion_pytorch_model.safetensors"), files::toString);
      assertEquals(
          sha256(MODEL.resolve("adapters/couple-profile.safetensors")),
          receipt.at("/adapter/digest").textValue());
      assertEquals("branch", receipt.at("/adapter/way").textValue());
      assertEquals(0.7, receipt.at("/adapter/scale").doubleValue());
      assertEquals("w1", receipt.path("worker").textValue());
      assertEquals(job.prompt(), receipt.path("prompt").textValue());
      assertEquals("cpu()", receipt.at("/engine/device").textValue());
      assertTrue(receipt.at("/engine/versions/pytorch").textValue().startsWith("2."));
      JsonNode sigmas = receipt.at("/schedule/sigmas");
      assertEquals(4, sigmas.size());
      assertEquals(1.0, sigmas.get(0).doubleValue());
      assertEquals(0.0, sigmas.get(3).doubleValue());
      assertEquals(64, receipt.at("/catalogEntry/digest").textValue().length());
      assertTrue(receipt.at("/schedule/stepCache").isMissingNode(), receipt::toString);
    }
  }

  @Test
  void aReceiptNamesTheStepCacheAndMetricsCountWhatItReused() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      Worker cached = bench.startWithModel("w1", MODEL, "first-block:1000");
      // When
      RenderJob job = bench.submit(read(REQUEST));
      bench.awaitState(job.id(), JobState.DONE);
      // Then
      assertEquals(
          Json.mapper()
              .createObjectNode()
              .put("method", "first-block")
              .put("threshold", 1000.0)
              .put("resumedAfter", 0),
          receipt(bench, job).at("/schedule/stepCache"));
      assertEquals(2, Bench.metric(cached, "polyptych_worker_steps_reused_total", ""));
    }
  }

  private static JsonNode receipt(Bench bench, RenderJob job) throws Exception {
    return Json.mapper().readTree(bench.results.receipt(job.id()).orElseThrow());
  }

  private static JsonNode withoutIds(JsonNode receipt) {
    return ((ObjectNode) receipt.deepCopy()).without(List.of("job", "attempt"));
  }

  private static byte[] sheet(Bench bench, RenderJob job) {
    return bench.results.sheet(job.id()).orElseThrow();
  }

  private static JobRequest read(String json) {
    return switch (JobRequestReader.read(json.getBytes(StandardCharsets.UTF_8))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest> invalid -> throw new AssertionError(invalid);
    };
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
  }

  private static SheetPixels noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(1).nextBytes(rgb);
    return new SheetPixels(width, height, rgb);
  }
}
