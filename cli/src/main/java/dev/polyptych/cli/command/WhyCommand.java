package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.client.DispatcherClient;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych why}. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Says why a job is where it is, what matters most first.")
public final class WhyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
  private String job = "";

  @Option(
      names = "--dispatcher",
      paramLabel = "URL",
      description = "Address of a dispatcher (default: ${DEFAULT-VALUE}).")
  private URI dispatcher = URI.create("http://127.0.0.1:8080");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (DispatcherClient client = new DispatcherClient(dispatcher)) {
      JsonNode why = client.why(job);
      if (json) {
        out.println(why);
      } else {
        print(why, out);
      }
    }
    out.flush();
    return 0;
  }

  /** By code and text alone, so that reasons of a newer dispatcher are shown, too. */
  private static void print(JsonNode why, PrintWriter out) {
    out.println("job " + why.path("id").textValue() + " is " + why.path("state").textValue());
    for (JsonNode reason : why.path("reasons")) {
      out.printf("%-20s  %s%n", reason.path("code").textValue(), reason.path("text").textValue());
    }
    JsonNode estimate = why.path("estimate");
    if (estimate.has("start") && why.path("state").textValue().equals("queued")) {
      out.println("estimated start       " + estimate.path("start").textValue());
    }
    if (estimate.has("finish")) {
      out.println("estimated finish      " + estimate.path("finish").textValue());
    }
  }
}
