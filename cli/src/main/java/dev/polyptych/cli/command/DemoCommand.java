package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polyptych demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Starts the whole cluster in this process, renders a film storyboard (or the set that the"
            + " options describe) and stops.")
public final class DemoCommand implements Callable<Integer> {
  private static final int MOST_SEEDS = 16;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the images (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("polyptych-demo");

  @Option(
      names = "--compare",
      description =
          "Draw the same seeds without and with the task's adapter, and show both on one sheet,"
              + " compare.png.")
  private boolean compare;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "With --compare: seeds 1 to N (default: ${DEFAULT-VALUE}).")
  private int seeds = 4;

  @Mixin private JobText text = new JobText();

  @Mixin private LogLines log = new LogLines();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new ParameterException(
          spec.commandLine(), "--seeds: must be 1 to " + MOST_SEEDS + ", not " + seeds);
    }
    log.warningsOnly();
    PrintWriter screen = spec.commandLine().getOut();
    Writable.folder("--out", out);
    Home.Model model = Home.builtInModel();
    List<Task> tasks = CatalogFile.builtIn(model.catalog()).tasks();
    ObjectNode job = text.json(tasks);
    try (EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog());
        DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      screen.println(cluster.report());
      if (compare) {
        compare(job, client);
        return 0;
      }
      return new PanelSetDownload(client, screen).run(Json.bytes(job), out) ? 0 : 1;
    }
  }

  private void compare(ObjectNode job, DispatcherClient client)
      throws IOException, InterruptedException {
    List<Long> chosen = LongStream.rangeClosed(1, seeds).boxed().toList();
    ObjectNode alone = job.put("format", "png").deepCopy();
    alone.putArray("adapters");
    List<JobStatus> base = submit(alone, chosen, client);
    List<JobStatus> adapted = submit(job, chosen, client);
    String adapter = adapted.getFirst().adapter();
    List<ComparisonSheet.Row> rows =
        List.of(
            new ComparisonSheet.Row("the base alone", sheets(base, client)),
            new ComparisonSheet.Row("with the adapter " + adapter, sheets(adapted, client)));
    Path file = out.resolve("compare.png");
    ImageIO.write(ComparisonSheet.of(chosen, rows), "png", file.toFile());
    spec.commandLine().getOut().println(file);
  }

  private static List<JobStatus> submit(ObjectNode job, List<Long> seeds, DispatcherClient client)
      throws IOException, InterruptedException {
    List<JobStatus> jobs = new ArrayList<>();
    for (long seed : seeds) {
      jobs.add(client.submit(Json.bytes(job.deepCopy().put("seed", seed))));
    }
    return jobs;
  }

  private List<BufferedImage> sheets(List<JobStatus> jobs, DispatcherClient client)
      throws IOException, InterruptedException {
    List<BufferedImage> sheets = new ArrayList<>();
    for (JobStatus job : jobs) {
      JobStatus settled = client.await(job.id());
      if (settled.state() != JobState.DONE) {
        throw new IOException(
            "the job %s ended as %s%s"
                .formatted(
                    job.id(),
                    settled.state().text(),
                    settled.error().map(error -> ": " + error.detail()).orElse("")));
      }
      spec.commandLine()
          .getOut()
          .println("drawn: %s, seed %d".formatted(describe(settled), settled.seed()));
      sheets.add(ImageIO.read(new ByteArrayInputStream(client.image(job.id(), "sheet"))));
    }
    return sheets;
  }

  private static String describe(JobStatus job) {
    return job.adapter().isEmpty() ? "the base alone" : job.adapter();
  }
}
