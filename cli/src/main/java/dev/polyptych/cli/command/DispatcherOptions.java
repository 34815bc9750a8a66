package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of the commands that print an answer of a dispatcher. */
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

  @Mixin private ApiKey apiKey = new ApiKey();

  /** One call of the client. */
  interface Question {
    JsonNode ask(DispatcherClient client) throws IOException, InterruptedException;
  }

  /**
   * @param print for people; with {@code --json}, the answer is printed unchanged
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

  /** The API key, if the dispatcher asks for one. */
  static final class ApiKey {
    @Option(
        names = "--api-key",
        paramLabel = "KEY",
        defaultValue = "${env:POLYPTYCH_API_KEY}",
        description =
            "API key, if the dispatcher asks for one. Prefer the variable POLYPTYCH_API_KEY: other"
                + " users of this machine can't see it.")
    private Optional<String> key = Optional.empty();

    Optional<String> key() {
      return key.filter(given -> !given.isBlank());
    }
  }

  /** A table for a terminal. A column is as wide as its longest cell. */
  static final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
      rows.add(List.of(heads));
    }

    /** As many cells as there are heads. */
    void row(String... cells) {
      rows.add(List.of(cells));
    }

    void print(PrintWriter out) {
      for (List<String> row : rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
          String cell = row.get(column);
          line.append(cell);
          if (column + 1 < row.size()) {
            line.append(" ".repeat(width(column) - cell.length() + 2));
          }
        }
        out.println(line.toString().stripTrailing());
      }
    }

    private int width(int column) {
      return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
  }
}
