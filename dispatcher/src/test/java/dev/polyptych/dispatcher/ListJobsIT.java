package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.job.JobId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of jobs; a store of its own, so that no other test's jobs are in them. */
class ListJobsIT {
  private static RedisServer redis;
  private static RunningDispatcher running;

  @BeforeAll
  static void start() {
    redis = RedisServer.start(Optional.empty(), FreePort.next());
    running = RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis.uri(), Map.of());
    running.caller().submittedInTime(Requests.COUPLE);
  }

  @AfterAll
  static void stop() {
    running.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    // An emptied Redis would get the jobs of earlier tests again.
    running
        .redis()
        .call(
            jedis ->
                jedis.keys("*").stream()
                    .filter(key -> !key.equals("jobs:known-until"))
                    .mapToLong(jedis::del)
                    .sum());
  }

  @Test
  void pagesGoBackInTimeWhateverComesInMeanwhile() {
    List<String> submitted = submitted(5);

    JsonNode first = list("?limit=2");
    submitted(3);
    JsonNode second = list("?limit=2&cursor=" + first.path("cursor").textValue());
    JsonNode third = list("?limit=2&cursor=" + second.path("cursor").textValue());

    List<String> listed = new ArrayList<>();
    List.of(first, second, third).forEach(page -> listed.addAll(ids(page)));
    assertEquals(submitted.reversed(), listed);
    assertTrue(third.path("cursor").isMissingNode());
  }

  @Test
  void aJobIsListedWithItsStatus() {
    String id = submitted(1).getFirst();

    JsonNode listed = list("").at("/jobs/0");

    assertEquals(ApiCaller.json(running.caller().get("/v1/jobs/" + id)), listed);
  }

  @Test
  void onlyWhatPassesEveryFilterIsListed() {
    List<String> submitted = submitted(3);
    running.caller().submitted(Requests.coupleWith("\"lane\": \"batch\""));
    Worker.renders(running.store(), submitted.get(1));

    assertEquals(List.of(submitted.get(1)), ids(list("?state=done&lane=interactive")));
    assertEquals(List.of(), ids(list("?state=done&lane=batch")));
    assertEquals(4, ids(list("?task=couple-profile")).size());
  }

  @Test
  void anyOfSeveralStatesPasses() {
    List<String> submitted = submitted(3);
    Worker.renders(running.store(), submitted.get(0));
    Worker.claims(running.store(), submitted.get(1));

    assertEquals(submitted.subList(0, 2).reversed(), ids(list("?state=done,rendering")));
    assertEquals(submitted.subList(0, 2).reversed(), ids(list("?state=done&state=rendering")));
    assertEquals(List.of(), ids(list("?state=failed,expired")));
  }

  @Test
  void aBatchIsListedPageByPageWhateverComesInMeanwhile() {
    submitted(1);
    List<String> batch = batch("catalogue-7", 5);
    Worker.renders(running.store(), batch.get(1));

    JsonNode first = list("?batch=catalogue-7&limit=2");
    List<String> later = batch("catalogue-7", 1);
    submitted(1);
    String cursor = first.path("cursor").textValue();
    JsonNode second = list("?batch=catalogue-7&limit=200&cursor=" + cursor);

    assertEquals(batch.subList(3, 5).reversed(), ids(first));
    assertEquals(batch.subList(0, 3).reversed(), ids(second));
    assertTrue(second.path("cursor").isMissingNode());
    assertEquals(later.getFirst(), ids(list("?batch=catalogue-7&limit=1")).getFirst());
    assertEquals(List.of(batch.get(1)), ids(list("?batch=catalogue-7&state=done")));
    assertEquals(List.of(), ids(list("?batch=catalogue-8")));
  }

  @Test
  void everyEntryOfTheMetadataThatIsAskedForMustBeThere() {
    String both = withMetadata("{\"order\": \"A-17\", \"the shop\": \"Köln\"}");
    String one = withMetadata("{\"order\": \"A-17\"}");
    submitted(1);

    assertEquals(List.of(one, both), ids(list("?metadata.order=A-17")));
    assertEquals(List.of(both), ids(list("?metadata.order=A-17&metadata.the%20shop=K%C3%B6ln")));
    assertEquals(List.of(), ids(list("?metadata.order=A-1")));
    assertEquals(List.of(), ids(list("?metadata.=")));
  }

  @Test
  void onlyJobsThatCameLaterAreListed() {
    List<String> submitted = submitted(3);
    Instant second = JobId.time(submitted.get(1)).orElseThrow();

    assertEquals(List.of(submitted.get(2)), ids(list("?createdAfter=" + second)));
    assertEquals(
        submitted.subList(1, 3).reversed(), ids(list("?createdAfter=" + second.minusMillis(1))));
    assertEquals(submitted.reversed(), ids(list("?createdAfter=0001-01-01T00:00:00%2B01:00")));
    assertEquals(List.of(), ids(list("?createdAfter=9999-12-31T23:59:59.999Z")));
    JsonNode first = list("?limit=1&createdAfter=" + second.minusMillis(1));
    JsonNode rest =
        list(
            "?createdAfter="
                + second.minusMillis(1)
                + "&cursor="
                + first.path("cursor").textValue());
    assertEquals(List.of(submitted.get(1)), ids(rest));
    assertTrue(rest.path("cursor").isMissingNode());
  }

  /** A producer may have named an id that is another tenant's. */
  @Test
  void aForeignJobInTheIndexIsNotListed() {
    String id = submitted(1).getFirst();
    running.redis().call(jedis -> jedis.hset("job:{" + id + "}", "tenant", "bert"));

    assertEquals(List.of(), ids(list("")));
  }

  @Test
  void aPageThatLookedAtEnoughIsShortAndGoesOn() {
    String oldest = submitted(1).getFirst();
    Worker.renders(running.store(), oldest);
    clones(oldest, 1_050);

    JsonNode first = list("?state=done");
    JsonNode second = list("?state=done&cursor=" + first.path("cursor").textValue());

    assertEquals(List.of(), ids(first));
    assertEquals(List.of(oldest), ids(second));
    assertTrue(second.path("cursor").isMissingNode());
  }

  @Test
  void expiredRecordsLeaveTheIndex() {
    String kept = submitted(1).getFirst();
    List<String> gone = IntStream.range(0, 20).mapToObj(i -> JobId.next(hoursAgo(i + 1))).toList();
    running
        .redis()
        .call(jedis -> gone.stream().mapToLong(id -> jedis.zadd("jobs:default", 0, id)).sum());

    assertEquals(List.of(kept), ids(list("")));

    assertEquals(1L, (long) running.redis().call(jedis -> jedis.zcard("jobs:default")));
  }

  @Test
  void theIndexIsTrimmedWhereNobodyReads() {
    running
        .redis()
        .call(
            jedis ->
                IntStream.range(0, 100)
                    .mapToLong(i -> jedis.zadd("jobs:default", 0, JobId.next(hoursAgo(i + 1))))
                    .sum());

    submitted(64);

    assertTrue(running.redis().call(jedis -> jedis.zcard("jobs:default")) < 120);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state=qeued          | INVALID_FIELD | state  | did you mean 'queued'?",
        "state=DONE           | INVALID_FIELD | state  | did you mean 'done'?",
        "task=couple-profil   | UNKNOWN_TASK  | task   | did you mean 'couple-profile'?",
        "lane=express         | INVALID_FIELD | lane   | known: interactive, batch",
        "limit=0              | INVALID_FIELD | limit  | from 1 to 200",
        "limit=many           | INVALID_FIELD | limit  | from 1 to 200",
        "cursor=!!            | INVALID_FIELD | cursor | leave it out",
        "cursor=e30           | INVALID_FIELD | cursor | leave it out",
        "stat=done            | INVALID_FIELD | stat   | did you mean 'state'?",
        "state=done,qeued     | INVALID_FIELD | state  | did you mean 'queued'?",
        "state=               | INVALID_FIELD | state  | known: accepted",
        "batch=a%20b          | INVALID_FIELD | batch  | 1 to 64 letters",
        "createdAfter=monday  | INVALID_FIELD | createdAfter | such as 2025-11-30T18:00:00Z",
        "metadata.a=1&metadata.a=2 | INVALID_FIELD | metadata.a | given once",
        "metadat.a=1          | INVALID_FIELD | metadat.a | is no parameter here",
      })
  void whatIsWrongIsNamedWithItsRemedy(String query, String code, String field, String detail) {
    HttpResponse<byte[]> answer = running.caller().get("/v1/jobs?" + query);

    assertEquals(422, answer.statusCode());
    JsonNode error = ApiCaller.json(answer).at("/errors/0");
    assertEquals(code, error.path("code").textValue());
    assertEquals(field, error.path("field").textValue());
    assertTrue(error.path("detail").textValue().contains(detail), error::toString);
  }

  private static Clock hoursAgo(int hours) {
    return Clock.offset(Clock.systemUTC(), Duration.ofHours(-hours));
  }

  private static String withMetadata(String metadata) {
    return running.caller().submitted(Requests.coupleWith("\"metadata\": " + metadata));
  }

  /** The ids as the lines stand, sorted as the list sorts them. */
  private static List<String> batch(String batch, int count) {
    HttpResponse<byte[]> answer =
        running
            .caller()
            .send(
                running
                    .caller()
                    .request("/v1/jobs:batch?batch=" + batch)
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString((Requests.COUPLE.strip() + "\n").repeat(count))));
    return new String(answer.body(), UTF_8)
        .lines()
        .map(ApiCaller::json)
        .filter(line -> line.has("id"))
        .map(line -> line.path("id").textValue())
        .sorted()
        .toList();
  }

  /** Each after the last is on its lane, so a millisecond apart: their ids sort as they came. */
  private static List<String> submitted(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(running.caller().submitted(Requests.COUPLE));
    }
    return ids;
  }

  /** Queued jobs, written as the store does. */
  private static void clones(String id, int count) {
    running
        .redis()
        .call(
            jedis -> {
              Map<String, String> hash = new HashMap<>(jedis.hgetAll("job:{" + id + "}"));
              hash.put("state", "queued");
              for (int i = 0; i < count; i++) {
                String clone = JobId.next(Clock.systemUTC());
                jedis.zadd("jobs:default", 0, clone);
                jedis.hset("job:{" + clone + "}", hash);
              }
              return count;
            });
  }

  private static JsonNode list(String query) {
    HttpResponse<byte[]> answer = running.caller().get("/v1/jobs" + query);
    JsonNode page = ApiCaller.json(answer);
    assertEquals(200, answer.statusCode(), page::toString);
    return page;
  }

  private static List<String> ids(JsonNode page) {
    return page.path("jobs").valueStream().map(job -> job.path("id").textValue()).toList();
  }
}
