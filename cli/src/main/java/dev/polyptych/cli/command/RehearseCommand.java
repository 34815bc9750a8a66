package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.schema.json.Json;
import dev.polyptych.tokenizers.PromptTokenizers;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code polyptych rehearse}: the run that the JVM records for the start cache. It does everything
 * that a start and a first job need, with the installed parts.
 */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    description = {
      "Starts what is installed, renders a set and stops, and records what a start needs. Later"
          + " starts are faster.",
      "Writes start.aot into the installation, or the file that POLYPTYCH_START_CACHE names (off:"
          + " no cache). Run it again with another JDK and after an update."
    })
public final class RehearseCommand implements Callable<Integer> {
  /** Nothing listens there: a dispatcher starts without its backends. */
  private static final String NOWHERE = "127.0.0.1:1";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (Part.EMBEDDED.installed()) {
      return rehearseCluster();
    }
    return Part.WORKER.installed() ? rehearseEngine() : rehearseDispatcher();
  }

  private int rehearseCluster() throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    Home.Model model = Home.builtInModel();
    try (TemporaryFolder out = TemporaryFolder.create();
        EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog());
        DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      screen.println(cluster.report());
      byte[] job = Json.bytes(new JobText().json(CatalogFile.builtIn(model.catalog()).tasks()));
      return new PanelSetDownload(client, screen).run(job, out.path()) ? 0 : 1;
    }
  }

  private int rehearseEngine() throws Exception {
    try (TemporaryFolder out = TemporaryFolder.create()) {
      return spec.parent().commandLine().execute("engine", "--out", out.path().toString());
    }
  }

  private static int rehearseDispatcher() throws Exception {
    // A dispatcher loads them in the background, and this one may end first. It unpacks their
    // library.
    PromptTokenizers.builtIn(Home.builtInCatalog()).ifPresent(PromptTokenizers::close);
    Map<String, String> settings =
        Map.of(
            "port",
            "0",
            "managementPort",
            "0",
            "catalog",
            Home.builtInCatalog(),
            "redis",
            "redis://" + NOWHERE,
            "bootstrapServers",
            NOWHERE);
    try (Dispatcher dispatcher =
            Dispatcher.start(DispatcherConfig.read(Settings.Sources.of(settings)));
        DispatcherClient client =
            new DispatcherClient(URI.create("http://127.0.0.1:" + dispatcher.port()))) {
      return client.answers() ? 0 : 1;
    }
  }
}
