import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The broker and the Redis that the services' images are run against: {@code Backends KAFKA-PORT
 * REDIS-PORT FILE}. The address of Redis, password included, is written to FILE once both answer.
 */
class Backends {
  public static void main(String[] arguments) throws Exception {
    Path address = Path.of(arguments[2]);
    KafkaBroker broker =
        KafkaBroker.start(
            Files.createTempDirectory("polyptych-kafka"), Integer.parseInt(arguments[0]));
    RedisServer redis =
        RedisServer.start(Optional.empty(), Integer.parseInt(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    Files.writeString(address, redis.uri().toString());
    Thread.currentThread().join();
  }
}
