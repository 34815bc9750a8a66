package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych dead}. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    description =
        "Lists and handles dead letters: jobs that failed for good, records that were no jobs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeadCommand.ListLetters.class,
      DeadCommand.Show.class,
      DeadCommand.Replay.class,
      DeadCommand.Purge.class,
    })
public final class DeadCommand {
  /** {@code polyptych dead list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the dead letters, oldest first.")
  static final class ListLetters implements Callable<Integer> {
    @Mixin private Options options = new Options();

    @Override
    public Integer call() throws Exception {
      List<DeadLetter> letters = options.topic().letters();
      if (options.json()) {
        options.printJson(letters.stream().map(Options::summary).toList());
      } else {
        letters.forEach(letter -> options.print(line(letter)));
        options.print(letters.size() + " dead letters");
      }
      return 0;
    }

    private static String line(DeadLetter letter) {
      return "%s  %s  %s  %d attempts  %s"
          .formatted(
              letter.at(),
              letter.job().orElse("(no job)"),
              letter.reason(),
              letter.attempts(),
              letter.detail().lines().findFirst().orElse(""));
    }
  }

  /** {@code polyptych dead show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Shows one job's newest dead letter: code, cause, attempts, origin, and the record.")
  static final class Show implements Callable<Integer> {
    @Mixin private Options options = new Options();

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Override
    public Integer call() throws Exception {
      DeadLetter letter = options.letter(job);
      String record = new String(letter.value(), StandardCharsets.UTF_8);
      if (options.json()) {
        options.printJson(Options.summary(letter).put("record", record));
        return 0;
      }
      options.print("job       " + job);
      options.print("code      " + letter.reason());
      options.print("cause     " + letter.detail());
      options.print("attempts  " + letter.attempts());
      options.print("at        " + letter.at());
      DeadLetter.Origin origin = letter.origin();
      options.print(
          "origin    %s, partition %d, offset %d"
              .formatted(origin.topic(), origin.partition(), origin.offset()));
      options.print("record    " + record);
      return 0;
    }
  }

  /** {@code polyptych dead replay}. */
  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Submits a dead job again, as a new job. The old job does not change.",
        "The new job has the old one's seed, the old id as metadata replayOf, and no deadline."
      })
  static final class Replay implements Callable<Integer> {
    @Mixin private Options options = new Options();

    @Mixin private DispatcherOptions.ApiKey apiKey = new DispatcherOptions.ApiKey();

    @Parameters(index = "0", paramLabel = "JOB", description = "The dead job's id.")
    private String job = "";

    @Option(
        names = "--dispatcher",
        paramLabel = "URI",
        description = "Address of a dispatcher (default: ${DEFAULT-VALUE}).")
    private URI dispatcher = URI.create("http://localhost:8080");

    @Override
    public Integer call() throws Exception {
      JobStatus replay;
      try (DispatcherClient client = new DispatcherClient(dispatcher, apiKey.key())) {
        replay = client.submit(Json.bytes(request(options.letter(job))));
      }
      if (options.json()) {
        options.printJson(replay);
      } else {
        options.print("job %s is %s, a replay of %s".formatted(replay.id(), replay.state(), job));
      }
      return 0;
    }

    private ObjectNode request(DeadLetter letter) throws IOException {
      if (letter.value().length >= DeadLetter.MAX_VALUE_BYTES) {
        throw new IOException(
            "the dead letter holds only a part of the record; submit the job again yourself");
      }
      ObjectNode request = Json.mapper().readTree(letter.value()).withObject("request");
      request.remove("deadline");
      request.remove("rerollOf");
      request.withObject("metadata").put("replayOf", job);
      return request;
    }
  }

  /** {@code polyptych dead purge}. */
  @Command(
      name = "purge",
      mixinStandardHelpOptions = true,
      description = "Deletes the dead letters written before a time.")
  static final class Purge implements Callable<Integer> {
    @Mixin private Options options = new Options();

    @Option(
        names = "--before",
        required = true,
        paramLabel = "TIME",
        description = "RFC 3339, for example 2026-11-30T18:00:00Z.")
    private OffsetDateTime before;

    @Override
    public Integer call() throws Exception {
      long purged = options.topic().purge(before.toInstant());
      if (options.json()) {
        options.printJson(Map.of("purged", purged));
      } else {
        options.print(purged + " dead letters purged");
      }
      return 0;
    }
  }

  /** Options of all {@code dead} commands: where the letters are, and how to print. */
  static final class Options {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--bootstrap-servers",
        paramLabel = "HOST:PORT,…",
        description = "The Kafka brokers (default: ${DEFAULT-VALUE}).")
    private String bootstrapServers = "localhost:9092";

    @Option(
        names = "--kafka-properties",
        paramLabel = "FILE",
        description = "Kafka client properties for TLS and log-on.")
    private Optional<Path> kafkaProperties = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    DeadTopic topic() {
      return new DeadTopic(
          bootstrapServers, kafkaProperties.map(KafkaSecurity::read).orElse(KafkaSecurity.NONE));
    }

    boolean json() {
      return json;
    }

    void print(String line) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(line);
      out.flush();
    }

    void printJson(Object value) {
      print(new String(Json.bytes(value), StandardCharsets.UTF_8));
    }

    /** The newest letter of a job. */
    DeadLetter letter(String job) throws IOException {
      return topic().letters().stream()
          .filter(letter -> letter.job().filter(job::equals).isPresent())
          .reduce((earlier, later) -> later)
          .orElseThrow(
              () ->
                  new IOException(
                      "there is no dead letter of job " + job + "; see polyptych dead list"));
    }

    /** All but the record itself. */
    static ObjectNode summary(DeadLetter letter) {
      ObjectNode node = Json.mapper().valueToTree(letter);
      node.remove("value");
      return node;
    }
  }
}
