package dev.polyptych.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

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

  @Test
  void aRedisWithAFolderPersistsAsProductionDoes(@TempDir Path folder) {
    try (RedisServer redis = RedisServer.start(Optional.of(folder), FreePort.next());
        Jedis client = new Jedis(redis.uri())) {
      assertEquals("yes", client.configGet("appendonly").get("appendonly"));
      assertEquals("everysec", client.configGet("appendfsync").get("appendfsync"));
    }
  }

  @Test
  void redisListensOnLoopbackAloneAndAsksForThePasswordOfItsAddress() {
    try (RedisServer redis = RedisServer.start();
        Jedis stranger = new Jedis("127.0.0.1", redis.uri().getPort());
        Jedis client = new Jedis(redis.uri())) {
      JedisDataException refused = assertThrows(JedisDataException.class, stranger::ping);

      assertTrue(refused.getMessage().startsWith("NOAUTH"), refused.getMessage());
      assertEquals("127.0.0.1", client.configGet("bind").get("bind"));
    }
  }

  @Test
  void theBrokersSettingsCanBeOverridden(@TempDir Path folder) throws Exception {
    ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
    Map<String, String> more = Map.of("group.consumer.session.timeout.ms", "4321");

    try (KafkaBroker broker = KafkaBroker.start(folder, FreePort.next(), more);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      var config = admin.describeConfigs(List.of(node)).all().get().get(node);

      assertEquals("4321", config.get("group.consumer.session.timeout.ms").value());
    }
  }
}
