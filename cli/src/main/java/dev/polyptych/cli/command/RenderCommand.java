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
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
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
      names = "--receipt",
      paramLabel = "FILE",
      description = "Writes what the set was drawn with: digests, versions, settings.")
  private Optional<Path> receipt = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Writable.folder("--out", out);
    receipt.ifPresent(file -> Writable.file("--receipt", file));
    Optional<URI> running = dispatcher.isPresent() ? dispatcher : local();
    if (running.isPresent()) {
      return render(running.get());
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
      return render(cluster.dispatcher());
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

  private int render(URI address) throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    screen.println("dispatcher " + address);
    try (DispatcherClient client = new DispatcherClient(address, apiKey.key())) {
      ObjectNode whole = text(CatalogFile.builtIn(Home.builtInCatalog()));
      references.addTo(whole, client);
      return new PanelSetDownload(client, screen).run(Json.bytes(whole), out, receipt) ? 0 : 1;
    }
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
