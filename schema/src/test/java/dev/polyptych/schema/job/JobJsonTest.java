package dev.polyptych.schema.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.RenderRecord;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of a job stays flat and keeps its bytes, however the records are composed. */
class JobJsonTest {
  private static final String FULL_REQUEST =
      """
      {"task":"couple-profile","prompt":"two","panels":["a","b"],"seed":7,"steps":20,\
      "guidance":3.5,"adapterScale":0.5,\
      "layout":{"rows":1,"columns":2,"panelWidth":64,"panelHeight":64},\
      "lane":"batch","format":"webp",\
      "deadline":{"startBy":"2030-01-01T00:00:00Z","finishBy":"2030-01-01T01:00:00Z"},\
      "metadata":{"order":"17"},"label":"spring","references":[{"panel":1,"key":"r-1"}],"strength":0.5,\
      "rerollOf":"j-1","previews":true,"callbackUrl":"https://example.com/done"}""";
  private static final String LEAST_REQUEST =
      """
      {"task":"couple-profile","prompt":"two","panels":["a","b"],"seed":7}""";
  private static final String OPEN_REQUEST =
      """
      {"task":"couple-profile","prompt":"two","panels":["a","b"]}""";

  @ParameterizedTest
  @ValueSource(strings = {FULL_REQUEST, LEAST_REQUEST, OPEN_REQUEST})
  void aRequestIsWrittenAsItWasRead(String json) throws IOException {
    Validated<JobRequest> read = JobRequestReader.read(json.getBytes(UTF_8));

    JobRequest request =
        assertInstanceOf(Validated.Valid.class, read).value() instanceof JobRequest valid
            ? valid
            : null;
    assertEquals(json, text(request));
    assertEquals(request, Json.mapper().readValue(json, JobRequest.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {FULL_REQUEST, LEAST_REQUEST})
  void aRecordIsWrittenAsItWasRead(String request) {
    String json = "{\"v\":1,\"id\":\"j-1\",\"tenant\":\"shop\",\"request\":" + request + "}";

    Validated<RenderRecord> read = RenderRecord.read(json.getBytes(UTF_8));

    assertEquals(json, text(assertInstanceOf(Validated.Valid.class, read).value()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"v":1,"id":"j-1","task":"couple-profile","adapter":"couple","tenant":"shop",\
        "lane":"batch","state":"queued","attempt":2,"nextAttemptAt":"2030-01-01T00:00:00Z",\
        "lastError":{"code":"RENDER_FAILED","detail":"played"},"worker":"w-1","step":3,\
        "steps":20,"panels":2,"format":"webp","seed":7,\
        "times":{"accepted":"2030-01-01T00:00:00Z","queued":"2030-01-01T00:00:01Z",\
        "started":"2030-01-01T00:00:02Z","finished":"2030-01-01T00:00:03Z",\
        "deadline":{"startBy":"2030-01-01T00:00:00Z"}},\
        "error":{"code":"DEADLINE_PASSED","detail":"late"},"metadata":{"order":"17"},\
        "batch":"b-1","rerollOf":"j-0","label":"spring",\
        "estimate":{"start":"2030-01-01T00:00:04Z","finish":"2030-01-01T00:00:05Z",\
        "gpuSeconds":1.5,"jobsAhead":3}}""",
        """
        {"v":1,"id":"j-1","task":"couple-profile","adapter":"couple","tenant":"shop",\
        "lane":"interactive","state":"accepted","attempt":0,"step":0,"steps":20,"panels":2,\
        "format":"png","seed":0,"times":{"accepted":"2030-01-01T00:00:00Z"}}"""
      })
  void aStatusIsWrittenAsItWasRead(String json) throws IOException {
    assertEquals(json, text(Json.mapper().readValue(json, JobStatus.class)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"v":1,"job":"j-1","state":"rendering","at":"2030-01-01T00:00:00Z","attempt":1,"step":2,\
        "steps":20,"worker":"w-1","error":{"code":"RENDER_FAILED","detail":"played"},\
        "preview":"AAAA"}""",
        """
        {"v":1,"job":"j-1","state":"queued","at":"2030-01-01T00:00:00Z","attempt":0,"step":0,\
        "steps":20}"""
      })
  void anEventIsWrittenAsItWasRead(String json) throws IOException {
    assertEquals(json, text(Json.mapper().readValue(json, JobEvent.class)));
  }

  @Test
  void aReceiptHoldsTheRequestAsItIsSubmitted() throws IOException {
    String json =
        """
        {"v":1,"job":"j-1","worker":"w-1","attempt":1,\
        "model":{"name":"tiny","digest":"d0","files":{"a":"d1"}},\
        "adapter":{"id":"couple","digest":"d2","way":"branch","scale":1.0},\
        "adapters":[{"id":"couple","digest":"d2","way":"branch","scale":1.0}],\
        "catalogEntry":{"catalog":"tiny","task":"couple-profile","digest":"d3"},\
        "engine":{"versions":{"djl":"1"},"device":"cpu","computeType":"float32","threads":2},\
        "schedule":{"sampler":"euler","shift":1.1,"sigmas":[1.0,0.0],\
        "stepCache":{"method":"teacache","threshold":0.1,"resumedAfter":0}},\
        "prompt":"two","text":{"tokens":9,"limit":8,"pooledTokens":9,"pooledLimit":77,"cut":[2]},\
        "request":\
        """
            + FULL_REQUEST
            + "}";

    assertEquals(json, text(Json.mapper().readValue(json, Receipt.class)));
  }

  @Test
  void aDryRunAnswersWhatTheRequestResolvesTo() throws IOException {
    String json =
        """
        {"v":1,"task":"couple-profile","adapter":"couple","lane":"batch","format":"png",\
        "layout":{"rows":1,"columns":2,"panelWidth":64,"panelHeight":64},"tokens":32,\
        "sampling":{"steps":20,"guidance":3.5,"adapterScale":1.0,"seed":7},\
        "text":{"tokens":9,"limit":8,"pooledTokens":9,"pooledLimit":77,"cut":[2]},\
        "estimate":{"gpuSeconds":1.5}}""";

    assertEquals(json, text(Json.mapper().readValue(json, ResolvedJob.class)));
  }

  private static String text(Object message) {
    return new String(Json.bytes(message), UTF_8);
  }
}
