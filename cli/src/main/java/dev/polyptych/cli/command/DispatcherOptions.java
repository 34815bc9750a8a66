package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have in common that ask a dispatcher and print its answer. */
final class DispatcherOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--dispatcher",
      paramLabel = "URL",
      description = "Address of a dispatcher (default: ${DEFAULT-VALUE}).")
  private URI dispatcher = URI.create("http://127.0.0.1:8080");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ApiKeyOption apiKey = new ApiKeyOption();

  /** What is asked. */
  interface Question {
    JsonNode ask(DispatcherClient client) throws IOException, InterruptedException;
  }

  /**
   * @param print for people; programs get the answer as it is
   */
  void answer(Question question, BiConsumer<JsonNode, PrintWriter> print)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (DispatcherClient client = new DispatcherClient(dispatcher, apiKey.key())) {
      JsonNode answer = question.ask(client);
      if (json) {
        out.println(answer);
      } else {
        print.accept(answer, out);
      }
    }
    out.flush();
  }
}
