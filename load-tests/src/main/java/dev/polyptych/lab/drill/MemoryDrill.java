package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/** Redis refuses every write, as it does when it is full: {@code noeviction}. */
record MemoryDrill(Stage stage) implements Drill {
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(30);

  /** Long enough that jobs come to their end meanwhile. */
  private static final long HELD_SECONDS = 5;

  @Override
  public Incident run() throws InterruptedException {
    try (Jedis redis = new Jedis("127.0.0.1", stage.backends().redisPort())) {
      try {
        redis.configSet("maxmemory", "1");
        Await.until(
            "a submission to be refused because Redis is full",
            REFUSED_WITHIN,
            () -> Await.when(!stage.jobs().takenAtOnce()));
        TimeUnit.SECONDS.sleep(HELD_SECONDS);
      } finally {
        redis.configSet("maxmemory", "0");
      }
    }
    long begun = System.nanoTime();
    stage.probe();
    return Incident.since(begun);
  }
}
