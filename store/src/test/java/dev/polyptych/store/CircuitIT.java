package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.embedded.Backends;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

class CircuitIT {
  @Test
  void callsAreRefusedWhileTheCircuitIsOpenAndMadeOtherwise() {
    AtomicBoolean up = new AtomicBoolean(true);
    try (RedisConnection redis = RedisConnection.open(Backends.redisUri(), up::get)) {
      assertEquals("PONG", redis.call(UnifiedJedis::ping));
      up.set(false);

      assertThrows(StoreUnavailableException.class, () -> redis.call(UnifiedJedis::ping));
      assertThrows(
          StoreUnavailableException.class, () -> redis.together(pipeline -> pipeline.exists("k")));

      up.set(true);
      assertEquals("PONG", redis.call(UnifiedJedis::ping));
    }
  }
}
