package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Starts the whole cluster in this process, renders a film storyboard and stops.")
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the images (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("polyptych-demo");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    Writable.folder("--out", out);
    Home.Model model = Home.builtInModel();
    try (EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog());
        DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      screen.println(cluster.report());
      byte[] job = Json.bytes(new JobText().json(CatalogFile.builtIn(model.catalog()).tasks()));
      boolean rendered = new PanelSetDownload(client, screen).run(job, out);
      return rendered ? 0 : 1;
    }
  }
}
