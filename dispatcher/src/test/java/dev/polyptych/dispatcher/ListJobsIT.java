package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.embedded.Backends;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.job.JobId;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
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
    running.redis().call(jedis -> jedis.flushAll());
    RunningDispatcher.missNothing(running.redis());
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
