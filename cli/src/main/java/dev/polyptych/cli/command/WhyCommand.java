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
    description = "Says why a job is where it is, what matters most first.")
public final class WhyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
  private String job = "";

  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(client -> client.why(job), WhyCommand::print);
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
