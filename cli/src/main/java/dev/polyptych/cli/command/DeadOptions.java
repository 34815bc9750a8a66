package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.cli.dead.DeadTopic;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all {@code dead} commands have in common: where the letters are and how to print. */
final class DeadOptions {
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
      description = "TLS and log-on: Kafka's client properties.")
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
