package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polyptych.schema.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code polyptych cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "Cancels jobs that have not settled.")
public final class CancelCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "JOB", description = "The jobs' ids.")
  private List<String> jobs = List.of();

  @Mixin private DispatcherOptions dispatcher = new DispatcherOptions();

  @Override
  public Integer call() throws Exception {
    dispatcher.answer(
        client -> {
          ArrayNode settled = Json.mapper().createArrayNode();
          for (String job : jobs) {
            settled.add(Json.mapper().<JsonNode>valueToTree(client.cancel(job)));
          }
          return settled;
        },
        (settled, out) ->
            settled.forEach(
                job ->
                    out.println(
                        job.path("id").textValue() + " is " + job.path("state").textValue())));
    return 0;
  }
}
