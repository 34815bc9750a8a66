package dev.polyptych.lab.drill;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Children.Member;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What a cluster holds at one moment.
 *
 * @param minute since the load began
 * @param processes by name; one that has ended in between is left out
 * @param redisMib memory of the data
 * @param lasting keys without a time to live, counted by their name with ids left out
 * @param reservations of open jobs
 * @param backlog jobs that wait or are being rendered
 */
record SoakSample(
    double minute,
    Map<String, ProcessUse> processes,
    double redisMib,
    long keys,
    SortedMap<String, Integer> lasting,
    long reservations,
    long backlog) {
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final int SCAN_AT_ONCE = 1_000;
  private static final String RESERVATIONS = "{reservations}:jobs";

  static SoakSample of(Stage stage, double minute) throws InterruptedException {
    try (Jedis redis = new Jedis(RedisServer.address(stage.backends().redisPort()))) {
      Map<String, ProcessUse> processes = new LinkedHashMap<>();
      for (Member member : stage.cluster().members()) {
        put(processes, member.id(), member.child().process().pid());
      }
      put(processes, "redis", Long.parseLong(info(redis, "server", "process_id")));
      return new SoakSample(
          minute,
          processes,
          Long.parseLong(info(redis, "memory", "used_memory")) / BYTES_PER_MIB,
          redis.dbSize(),
          lasting(redis),
          redis.hlen(RESERVATIONS),
          stage.cluster().backlog());
    }
  }

  int lastingKeys() {
    return lasting.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static void put(Map<String, ProcessUse> processes, String name, long pid) {
    try {
      processes.put(name, ProcessUse.of(pid));
    } catch (IOException ended) {
      // The report counts processes that end by themselves.
    }
  }

  private static String info(Jedis redis, String section, String field) {
    return redis
        .info(section)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("INFO has no " + field));
  }

  private static SortedMap<String, Integer> lasting(Jedis redis) {
    SortedMap<String, Integer> lasting = new TreeMap<>();
    ScanParams some = new ScanParams().count(SCAN_AT_ONCE);
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> page = redis.scan(cursor, some);
      List<Response<Long>> times;
      try (Pipeline pipeline = redis.pipelined()) {
        times = page.getResult().stream().map(pipeline::pttl).toList();
      }
      for (int key = 0; key < times.size(); key++) {
        if (times.get(key).get() == -1) {
          lasting.merge(kind(page.getResult().get(key)), 1, Integer::sum);
        }
      }
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    return lasting;
  }

  /** The name of a key without the ids of jobs and batches in it. */
  static String kind(String key) {
    return key.replaceAll("[jb]-[0-9a-z]{20,}", "*").replaceAll("[0-9a-f]{64}", "*");
  }
}
