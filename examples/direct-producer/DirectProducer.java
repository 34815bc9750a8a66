import dev.polyptych.schema.job.JobId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * A backend that puts a job on Kafka itself and follows it in Redis, with plain clients of both.
 * {@code asyncapi.yaml} is the contract; a client in another language makes the id as it says
 * there.
 *
 * <pre>
 * ./polyptych up --set bootstrapServers=localhost:9092 --set redis=redis://localhost:6379
 * java -cp 'cli/target/polyptych/lib/*' examples/direct-producer/DirectProducer.java \
 *     localhost:9092 redis://localhost:6379 /tmp/storyboard
 * </pre>
 */
class DirectProducer {
  private static final String TOPIC = "polyptych.render.interactive";

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 3) {
      System.err.println("usage: DirectProducer BOOTSTRAP-SERVERS REDIS-URI FOLDER");
      System.exit(2);
    }
    String job = JobId.next(Clock.systemUTC());
    produce(arguments[0], job);
    try (RedisClient redis = RedisClient.create(URI.create(arguments[1]))) {
      if (follow(redis, job).equals("done")) {
        save(redis, job, Files.createDirectories(Path.of(arguments[2])));
      }
    }
  }

  /** Returns when the broker has the job. Sent again unchanged, it would be the same job. */
  private static void produce(String bootstrapServers, String job) throws Exception {
    String value =
        """
        {"v": 1, "id": "%s", "tenant": "default", "request": {
           "task": "film-storyboard",
           "prompt": "In a snowy town, <Mara>, a young baker, finds a fox;",
           "panels": ["<Mara> opens her shop at dawn,", "a fox sits among the loaves,",
                      "both share a bun on the doorstep."],
           "seed": 7, "lane": "interactive"}}
        """
            .formatted(job);
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "enable.idempotence", "true");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      var record = new ProducerRecord<>(TOPIC, job, value);
      record.headers().add("direct", "1".getBytes(StandardCharsets.UTF_8));
      producer.send(record).get();
    }
    System.out.println("produced " + job);
  }

  /** Prints each event; the state in which the job ended. */
  private static String follow(RedisClient redis, String job) {
    String stream = "job:{" + job + "}:events";
    StreamEntryID seen = new StreamEntryID();
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      var news = redis.xread(XReadParams.xReadParams().block(5000), Map.of(stream, seen));
      for (StreamEntry event : news == null ? List.<StreamEntry>of() : news.get(0).getValue()) {
        seen = event.getID();
        Map<String, String> fields = event.getFields();
        String state = fields.get("state");
        System.out.println(state + " " + fields.get("step") + "/" + fields.get("steps"));
        switch (state) {
          case "done" -> {
            return state;
          }
          case "failed", "cancelled", "expired" -> {
            System.out.println(fields.get("code") + " " + fields.get("detail"));
            return state;
          }
          default -> {}
        }
      }
    }
    throw new IllegalStateException(
        "no end of " + job + " within " + PATIENCE + "; is a worker up, or a dead letter there?");
  }

  private static void save(RedisClient redis, String job, Path folder) throws Exception {
    String key = "job:{" + job + "}";
    String format = redis.hget(key, "format");
    for (int panel = 1; panel <= Integer.parseInt(redis.hget(key, "panels")); panel++) {
      byte[] image = redis.get((key + ":panel:" + panel).getBytes(StandardCharsets.UTF_8));
      System.out.println(Files.write(folder.resolve("panel-" + panel + "." + format), image));
    }
  }
}
