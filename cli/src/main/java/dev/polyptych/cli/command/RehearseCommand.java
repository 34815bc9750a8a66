package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.schema.catalog.CatalogFile;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code polyptych rehearse}: what the launcher has the JVM learn from. It walks through everything
 * that a start and a first job need.
 */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a cluster, renders a set and ends it, so that the JVM learns what starts need: those"
          + " after it are quicker.",
      "Writes start.aot into the installation, or what POLYPTYCH_START_CACHE names (off: starts use"
          + " none). Do it again with another JDK and after an update."
    })
public final class RehearseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter screen = spec.commandLine().getOut();
    Home.Model model = Home.builtInModel();
    try (TemporaryFolder out = TemporaryFolder.create();
        EmbeddedCluster cluster = EmbeddedCluster.temporary(model.folder(), model.catalog());
        DispatcherClient client = new DispatcherClient(cluster.dispatcher())) {
      screen.println(cluster.report());
      byte[] job = new JobText().json(CatalogFile.builtIn(model.catalog()).tasks());
      return new PanelSetDownload(client, screen).run(job, out.path()) ? 0 : 1;
    }
  }
}
