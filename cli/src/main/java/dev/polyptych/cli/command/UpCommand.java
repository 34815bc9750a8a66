package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.worker.trace.StartTimes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code polyptych up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the whole cluster in this process until Ctrl-C: one dispatcher and one worker.",
      "Starts its own broker and Redis unless others are named."
    })
public final class UpCommand implements Callable<Integer> {
  @Mixin private ProcessOptions.Flags settings = new ProcessOptions.Flags();

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description =
          "Model: a folder in diffusers layout, a safetensors file with all parts, or a model file"
              + " (YAML) that names the parts (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder of the embedded broker and Redis; jobs survive a restart (default:"
              + " ${DEFAULT-VALUE}).")
  private Path data = Path.of(".polyptych");

  @Mixin private LogLines log = new LogLines();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    StartTimes times = StartTimes.ofProcess();
    Optional<Path> lines = log.toFolder(data);
    PrintWriter screen = spec.commandLine().getOut();
    Map<String, String> flags = settings.flags();
    Path folder = model.orElseGet(() -> builtInModel(flags));
    Telemetry telemetry = Telemetry.of("polyptych", System.getenv());
    EmbeddedCluster cluster = EmbeddedCluster.lasting(folder, data, flags, telemetry.api(), times);
    screen.println(cluster.report());
    lines.ifPresent(file -> screen.println("  log      " + file));
    screen.println("Ctrl-C ends it.");
    screen.flush();
    UntilTerminated.run(cluster, telemetry, cluster.ended());
    return 0;
  }

  /** Also sets its catalog, unless another one is named. */
  private static Path builtInModel(Map<String, String> flags) {
    Home.Model builtIn = Home.builtInModel();
    flags.putIfAbsent("catalog", builtIn.catalog());
    return builtIn.folder();
  }
}
