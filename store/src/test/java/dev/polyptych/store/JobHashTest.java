package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fields of a job's record keep their names and values. */
class JobHashTest {
  private static final String PINS =
      """
      {"base":"tiny","taskDigest":"%s","adapters":[{"name":"couple-profile","scale":1.0}],\
      "prompt":{"text":"This two-part image portrays two; [LEFT] a, [RIGHT] b",\
      "parts":[{"panel":0,"start":29,"end":32},{"panel":1,"start":41,"end":42},\
      {"panel":2,"start":52,"end":53}]},\
      "layout":{"rows":1,"columns":2,"panelWidth":128,"panelHeight":128},"tokens":128,\
      "sampling":{"steps":20,"guidance":3.5,"adapterScale":1.0,"seed":7}}"""
          .formatted(CatalogFile.builtIn("tiny").task("couple-profile").orElseThrow().digest());

  private static final String REQUEST =
      """
      {"task":"couple-profile","prompt":"two","panels":["a","b"],"seed":7,"lane":"batch",\
      "format":"webp",\
      "deadline":{"startBy":"2030-01-01T00:00:00Z","finishBy":"2030-01-01T01:00:00Z"},\
      "metadata":{"order":"17"},"label":"spring","rerollOf":"j-0","previews":true,\
      "callbackUrl":"https://example.com/done"}""";

  @Test
  void aNewRecordHoldsTheRequestAndWhatAReaderAsksFor() {
    Map<String, String> fields = fields();

    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("v", "1");
    expected.put("task", "couple-profile");
    expected.put("base", "tiny");
    expected.put("adapter", "couple-profile");
    expected.put("adapterKey", "couple-profile");
    expected.put("tenant", "shop");
    expected.put("lane", "batch");
    expected.put("format", "webp");
    expected.put("panels", "2");
    expected.put("steps", "20");
    expected.put("seed", "7");
    expected.put("request", REQUEST);
    expected.put("pins", PINS);
    expected.put("metadata", "{\"order\":\"17\"}");
    expected.put("callbackUrl", "https://example.com/done");
    expected.put("rerollOf", "j-0");
    expected.put("label", "spring");
    expected.put("startBy", "1893456000000");
    expected.put("finishBy", "1893459600000");
    assertEquals(List.copyOf(expected.entrySet()), List.copyOf(fields.entrySet()));
  }

  @Test
  void aStatusShowsEveryFieldOfTheRecord() {
    Map<String, String> record = new LinkedHashMap<>(fields());
    record.put("state", "queued");
    record.put("attempt", "1");
    record.put("step", "2");
    record.put("worker", "w-1");
    record.put("batch", "b-1");
    record.put("acceptedAt", "1893456000000");
    record.put("queuedAt", "1893456001000");
    record.put("startedAt", "1893456002000");
    record.put("nextAttemptAt", "1893456003000");
    record.put("lastCode", "RENDER_FAILED");
    record.put("lastDetail", "played");
    record.put("estimatedDelay", "1000");
    record.put("gpuSeconds", "1.5");
    record.put("jobsAhead", "3");

    String status = new String(Json.bytes(JobHash.status("j-1", record)), UTF_8);

    assertEquals(
        """
        {"v":1,"id":"j-1","task":"couple-profile","base":"tiny","adapter":"couple-profile",\
        "tenant":"shop","lane":"batch","state":"queued","attempt":1,\
        "nextAttemptAt":"2030-01-01T00:00:03Z",\
        "lastError":{"code":"RENDER_FAILED","detail":"played"},"worker":"w-1","step":2,\
        "steps":20,"panels":2,"format":"webp","seed":7,\
        "times":{"accepted":"2030-01-01T00:00:00Z","queued":"2030-01-01T00:00:01Z",\
        "started":"2030-01-01T00:00:02Z",\
        "deadline":{"startBy":"2030-01-01T00:00:00Z","finishBy":"2030-01-01T01:00:00Z"}},\
        "metadata":{"order":"17"},"batch":"b-1","rerollOf":"j-0","label":"spring",\
        "estimate":{"start":"2030-01-01T00:00:01Z","finish":"2030-01-01T00:00:02.500Z",\
        "gpuSeconds":1.5,"jobsAhead":3}}""",
        status);
  }

  private static Map<String, String> fields() {
    JobRequest request =
        ((Validated.Valid<JobRequest>) JobRequestReader.read(REQUEST.getBytes(UTF_8))).value();
    JobResolver resolver = new JobResolver(CatalogFile.builtIn("tiny"));
    RenderJob job = ((Validated.Valid<RenderJob>) resolver.resolve("j-1", request)).value();
    return JobHash.of(NewJob.of(job, "shop"));
  }
}
