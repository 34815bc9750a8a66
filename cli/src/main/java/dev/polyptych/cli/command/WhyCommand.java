package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code polyptych why}. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Explains the state of a job: the most important reason first.")
public final class WhyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
  private String job = "";

  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(client -> client.why(job), WhyCommand::print);
    return 0;
  }

  /** Prints code and text only, so that it can show the reasons of a newer dispatcher. */
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
