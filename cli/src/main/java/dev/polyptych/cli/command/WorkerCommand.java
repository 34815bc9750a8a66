package dev.polyptych.cli.command;

import dev.polyptych.cli.embedded.DiskSpace;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.worker.Worker;
import dev.polyptych.worker.config.WorkerConfigReader;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import dev.polyptych.worker.trace.StartTimes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych worker}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description =
        "Runs one GPU worker. It needs a broker and a Redis, and runs until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "polyptych settings worker prints all settings with their defaults and bounds; so does"
          + " docs/settings.md."
    })
public final class WorkerCommand implements Callable<Integer> {
  @Mixin private ProcessOptions settings = new ProcessOptions();

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description =
          "Model: a folder in diffusers layout, a safetensors file with all parts, or a model file"
              + " (YAML) that names the parts (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Override
  public Integer call() throws Exception {
    StartTimes times = StartTimes.ofProcess();
    DiskSpace.checkTemporary();
    FluxPanelSetEngine.prepare(times);
    Settings.Sources sources = settings.sources();
    model.ifPresent(folder -> sources.flags().put("model", folder.toString()));
    if (sources.file().isEmpty() && !sources.environment().containsKey("POLYPTYCH_MODEL")) {
      Home.Model builtIn = Home.builtInModel();
      sources.flags().putIfAbsent("model", builtIn.folder().toString());
      sources.flags().putIfAbsent("catalog", builtIn.catalog());
    }
    Telemetry telemetry = Telemetry.of("polyptych-worker", System.getenv());
    Worker worker =
        Worker.with(WorkerConfigReader.read(sources))
            .telemetry(telemetry.api())
            .times(times)
            .start();
    var _ = worker.ready().thenRun(times::ready);
    UntilTerminated.run(worker, telemetry, worker.ended());
    return 0;
  }
}
