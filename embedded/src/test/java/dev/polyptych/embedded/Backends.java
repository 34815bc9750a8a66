package dev.polyptych.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker and the Redis that the tests of one JVM share: containers where a Docker engine
 * answers, else the embedded ones. Each is started when first asked for and ends with the JVM.
 */
public final class Backends {
  private static final boolean DOCKER = DockerClientFactory.instance().isDockerAvailable();

  private Backends() {}

  /** Whether they are containers, as they come; else they are the embedded ones. */
  public static boolean containers() {
    return DOCKER;
  }

  public static String kafkaBootstrapServers() {
    return Kafka.BOOTSTRAP_SERVERS;
  }

  public static URI redisUri() {
    return Redis.ADDRESS;
  }

  private static final class Kafka {
    static final String BOOTSTRAP_SERVERS = DOCKER ? inContainer() : embedded();

    private static String inContainer() {
      KafkaContainer container = new KafkaContainer("apache/kafka:4.1.0");
      container.start();
      return announce("Kafka", "container", container.getBootstrapServers());
    }

    private static String embedded() {
      try {
        KafkaBroker broker = KafkaBroker.start(Files.createTempDirectory("polyptych-kafka"));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "close-broker"));
        return announce("Kafka", "embedded", broker.bootstrapServers());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static final class Redis {
    static final URI ADDRESS = DOCKER ? inContainer() : embedded();

    private static URI inContainer() {
      GenericContainer<?> container =
          new GenericContainer<>("redis:7.4-alpine").withExposedPorts(6379);
      container.start();
      String address = "redis://" + container.getHost() + ":" + container.getFirstMappedPort();
      return URI.create(announce("Redis", "container", address));
    }

    private static URI embedded() {
      RedisServer redis = RedisServer.start();
      return URI.create(announce("Redis", "embedded", redis.uri().toString()));
    }
  }

  @SuppressWarnings("SystemOut") // which backends a test run used is part of its report
  private static String announce(String what, String kind, String address) {
    System.out.println("test backend: " + what + " (" + kind + ") at " + address);
    return address;
  }
}
