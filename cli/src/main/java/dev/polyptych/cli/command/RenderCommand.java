package dev.polyptych.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polyptych render}. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = {
      "Renders one panel set and writes its panels and sheet.",
      "Uses the dispatcher that is named, else one that answers on this machine. If none does,"
          + " starts an embedded cluster for this job."
    })
public final class RenderCommand implements Callable<Integer> {
  private static final int MOST_SETS = 1000;
  private static final URI LOCAL = URI.create("http://127.0.0.1:8080");

  @Mixin private JobText job = new JobText();

  @Option(
      names = "--adapter",
      paramLabel = "NAME[=SCALE]",
      description =
          "Adapter to draw with in place of the task's own; its scale is 1 unless you give one"
              + " from -4 to 4. Repeat it for several, up to four.")
  private List<String> adapters = List.of();

  @Mixin private ReferenceOptions references = new ReferenceOptions();

  @Mixin private DispatcherOptions.ApiKey apiKey = new DispatcherOptions.ApiKey();

  @Option(names = "--dispatcher", paramLabel = "URL", description = "Address of a dispatcher.")
  private Optional<URI> dispatcher = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the images (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("polyptych-out");

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Sets to draw of the same job, each with another seed: --seed and the next ones, or any."
              + " Each goes to a folder of its own, 1 to N, below --out.")
  private int count = 1;

  @Option(
      names = "--no-wait",
      description = "Print the ids of the jobs and end. Needs a dispatcher that is running.")
  private boolean noWait;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Writes what the set was drawn with: digests, versions, settings.")
  private Optional<Path> receipt = Optional.empty();

  @Mixin private LogLines log = new LogLines();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    checkOptions();
    log.warningsOnly();
    Writable.folder("--out", out);
    receipt.ifPresent(file -> Writable.file("--receipt", file));
    Optional<URI> running = dispatcher.isPresent() ? dispatcher : local();
    if (running.isPresent()) {
      return render(running.get(), false);
    }
    if (noWait) {
      throw new ParameterException(
          spec.commandLine(),
          "--no-wait: no dispatcher answers at "
              + LOCAL
              + "; start one, or name it by --dispatcher");
    }
    if (!Part.EMBEDDED.installed()) {
      throw new IllegalStateException(
          "no dispatcher answers at "
              + LOCAL
              + ": name one with --dispatcher. "
              + Part.EMBEDDED.missing());
    }
    Home.Model model = Home.builtInModel();
    checked(CatalogFile.builtIn(model.catalog()));
    try (EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog())) {
      return render(cluster.dispatcher(), true);
    }
  }

  private void checkOptions() {
    if (count < 1 || count > MOST_SETS) {
      throw new ParameterException(
          spec.commandLine(), "--count: must be 1 to " + MOST_SETS + ", not " + count);
    }
    if (count > 1 && receipt.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--receipt is for one set; leave --count out, or --receipt");
    }
    if (noWait && receipt.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--receipt is written when the job is done; leave --no-wait out");
    }
  }

  private static Optional<URI> local() throws InterruptedException {
    try (DispatcherClient client = new DispatcherClient(LOCAL)) {
      return client.answers() ? Optional.of(LOCAL) : Optional.empty();
    }
  }

  /** Finds what is wrong with the job before a cluster is started for it. */
  private void checked(Catalog tasks) throws IOException {
    Validated<RenderJob> read =
        JobRequestReader.read(Json.bytes(text(tasks)))
            .then(request -> new JobResolver(tasks).resolve("render", request.withSeed(0)));
    if (read instanceof Validated.Invalid<RenderJob>(var problems)) {
      throw new IOException(Problem.of(problems).detail());
    }
  }

  /**
   * @param own whether the jobs end with this process
   */
  private int render(URI address, boolean own) throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    screen.println("dispatcher " + address);
    try (DispatcherClient client = new DispatcherClient(address, apiKey.key())) {
      ObjectNode whole = text(CatalogFile.builtIn(Home.builtInCatalog()));
      references.addTo(whole, client);
      PanelSetDownload sets = new PanelSetDownload(client, screen);
      List<JobStatus> jobs = submit(whole, sets);
      if (noWait) {
        return 0;
      }
      if (!own) {
        leaveAtInterrupt(jobs, client);
      }
      boolean done = true;
      for (int i = 0; i < jobs.size(); i++) {
        Path folder = count == 1 ? out : out.resolve(Integer.toString(i + 1));
        done &= sets.fetch(jobs.get(i), folder, receipt);
      }
      return done ? 0 : 1;
    }
  }

  private List<JobStatus> submit(ObjectNode job, PanelSetDownload sets)
      throws IOException, InterruptedException {
    List<JobStatus> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectNode next = job.deepCopy();
      if (job.has("seed")) {
        next.put("seed", job.path("seed").longValue() + i);
      }
      jobs.add(sets.submit(Json.bytes(next)));
    }
    return jobs;
  }

  private void leaveAtInterrupt(List<JobStatus> jobs, DispatcherClient client) {
    FollowedJobs followed =
        new FollowedJobs(
            jobs,
            client,
            spec.commandLine().getOut(),
            ProgressBar.onTerminal(),
            Runtime.getRuntime()::halt);
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Sigint.handle(() -> followed.interrupted(answers));
  }

  /** The job with its adapters. */
  private ObjectNode text(Catalog tasks) throws IOException {
    ObjectNode whole = job.json(tasks.tasks());
    if (adapters.isEmpty()) {
      return whole;
    }
    ArrayNode listed = whole.putArray("adapters");
    for (String given : adapters) {
      String[] parts = given.split("=", 2);
      ObjectNode adapter = listed.addObject().put("name", parts[0]);
      if (parts.length == 2) {
        adapter.put("scale", scale(given, parts[1]));
      }
    }
    return whole;
  }

  private double scale(String given, String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException unreadable) {
      throw new ParameterException(
          spec.commandLine(), "--adapter: " + given + " has no number after =", unreadable);
    }
  }
}
