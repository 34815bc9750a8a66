package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.job.BatchCancellation;
import dev.polyptych.schema.job.BatchFailure;
import dev.polyptych.schema.job.BatchSummary;
import dev.polyptych.schema.job.JobCounts;
import dev.polyptych.schema.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polyptych batch}. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description = {
      "Submits the jobs of a file, one JSON text a line; tells how far a batch is; cancels one.",
      "Lines that are refused are printed with their numbers. The exit status is 1 if there are any."
    })
public final class BatchCommand implements Callable<Integer> {
  /** Lines of one request. So a file may be of any length, and progress shows. */
  private static final int PORTION = 500;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Work work = new Work();

  /** What to do. */
  private static final class Work {
    @Parameters(index = "0", paramLabel = "FILE", description = "Jobs as JSON lines.")
    private Path file;

    @Option(names = "--status", paramLabel = "ID", description = "Tell how far this batch is.")
    private String status;

    @Option(
        names = "--cancel",
        paramLabel = "ID",
        description = "Cancel the jobs of this batch that have not settled.")
    private String cancel;
  }

  @Option(
      names = "--batch",
      paramLabel = "ID",
      description = "Id of the batch to submit to (default: the dispatcher makes one).")
  private Optional<String> batch = Optional.empty();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Submit the file so that it can be submitted again under this key.")
  private Optional<String> key = Optional.empty();

  @Option(
      names = "--dispatcher",
      paramLabel = "URL",
      description = "Address of a dispatcher (default: ${DEFAULT-VALUE}).")
  private URI dispatcher = URI.create("http://127.0.0.1:8080");

  @Mixin private DispatcherOptions.ApiKey apiKey = new DispatcherOptions.ApiKey();

  private PrintWriter out;
  private int lines;
  private int accepted;
  private int refused;
  private int elsewhere;

  @Override
  public Integer call() throws Exception {
    out = spec.commandLine().getOut();
    try (DispatcherClient client = new DispatcherClient(dispatcher, apiKey.key())) {
      if (work.status != null) {
        print(client.batch(work.status));
      } else if (work.cancel != null) {
        print(client.cancelBatch(work.cancel));
      } else {
        submit(client);
      }
    }
    out.flush();
    return refused == 0 ? 0 : 1;
  }

  private void submit(DispatcherClient client) throws IOException, InterruptedException {
    try (BufferedReader file = Files.newBufferedReader(work.file)) {
      List<String> portion = portion(file);
      while (!portion.isEmpty()) {
        submit(client, portion);
        out.printf("%d lines: %d accepted, %d refused%n", lines, accepted, refused);
        out.flush();
        portion = portion(file);
      }
    }
    if (lines == 0) {
      throw new IOException(work.file + " has no line; write one job as JSON on each");
    }
    if (elsewhere > 0) {
      out.printf("%d jobs are in another batch, to which they were submitted before%n", elsewhere);
    }
    out.println("batch " + batch.orElseThrow());
  }

  private void submit(DispatcherClient client, List<String> portion)
      throws IOException, InterruptedException {
    int before = lines;
    client.submitBatch(
        BodyPublishers.ofString(String.join("\n", portion)),
        batch,
        key.map(whole -> whole + "/" + before),
        line -> answered(before, line));
    lines = before + portion.size();
  }

  private void answered(int before, JsonNode line) {
    if (line.has("lines")) {
      accepted += line.path("accepted").intValue();
      refused += line.path("refused").intValue();
      elsewhere += line.path("elsewhere").intValue();
    } else if (line.has("problem")) {
      String detail = line.at("/problem/detail").textValue();
      out.printf("line %d: %s%n", before + line.path("line").intValue(), detail);
    } else if (line.has("batch") && !line.has("line")) {
      batch = Optional.of(line.path("batch").textValue());
    }
  }

  private static List<String> portion(BufferedReader file) throws IOException {
    List<String> portion = new ArrayList<>();
    String line = file.readLine();
    while (line != null) {
      portion.add(line);
      line = portion.size() < PORTION ? file.readLine() : null;
    }
    return portion;
  }

  private void print(BatchSummary summary) {
    JobCounts counts = summary.counts();
    out.printf(
        "batch %s: %d jobs, %s%n",
        summary.batch(), summary.jobs(), summary.settled() ? "settled" : counts.open() + " open");
    Json.mapper()
        .<JsonNode>valueToTree(counts)
        .properties()
        .forEach(count -> out.printf("%-10s %d%n", count.getKey(), count.getValue().intValue()));
    for (BatchFailure failure : summary.failures()) {
      out.printf(
          "%s %s: %s: %s%n",
          failure.job(), failure.state().text(), failure.error().code(), failure.error().detail());
    }
  }

  private void print(BatchCancellation ended) {
    out.printf(
        "batch %s: %d cancelled, %d had settled before%n",
        ended.batch(), ended.cancelled(), ended.settled());
  }
}
