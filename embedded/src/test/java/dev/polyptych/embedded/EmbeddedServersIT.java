package dev.polyptych.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class EmbeddedServersIT {
  @Test
  void theBrokerKeepsItsTopicsOverARestart(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    try (KafkaBroker broker = KafkaBroker.start(folder, port);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("kept", 4, (short) 1))).all().get();
    }

    try (KafkaBroker broker = KafkaBroker.start(folder, port);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertEquals(Set.of("kept"), admin.listTopics().names().get());
    }
  }

  @Test
  void redisKeepsItsDataOverARestartWhenItHasAFolder(@TempDir Path folder) {
    int port = FreePort.next();
    try (RedisServer redis = RedisServer.start(Optional.of(folder), port);
        RedisClient client = RedisClient.create(redis.uri())) {
      client.set("kept", "yes");
    }

    try (RedisServer redis = RedisServer.start(Optional.of(folder), port);
        RedisClient client = RedisClient.create(redis.uri())) {
      assertEquals("yes", client.get("kept"));
    }
  }
}
