package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.DeadLetter;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polyptych dead replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Submits a dead job again as a new one; what has ended never changes.",
      "The new job has the old one's seed and its id as the metadata replayOf, and no deadline."
    })
final class DeadReplayCommand implements Callable<Integer> {
  @Mixin private DeadOptions options = new DeadOptions();

  @Mixin private ApiKeyOption apiKey = new ApiKeyOption();

  @Parameters(index = "0", paramLabel = "JOB", description = "The dead job's id.")
  private String job = "";

  @Option(
      names = "--dispatcher",
      paramLabel = "URI",
      description = "Who takes it (default: ${DEFAULT-VALUE}).")
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
      throw new IOException("the letter holds only a part of the record; submit the job anew");
    }
    ObjectNode request = Json.mapper().readTree(letter.value()).withObject("request");
    request.remove("deadline");
    request.withObject("metadata").put("replayOf", job);
    return request;
  }
}
