package dev.polyptych.cli.command;

import dev.polyptych.worker.Worker;
import dev.polyptych.worker.config.WorkerConfigReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych worker}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Runs one GPU worker against a broker and a Redis until it is told to end.")
public final class WorkerCommand implements Callable<Integer> {
  @Mixin private ProcessOptions settings = new ProcessOptions();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder in diffusers layout (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Map<String, String> flags = settings.flags();
    model.ifPresent(folder -> flags.put("model", folder.toString()));
    Map<String, String> environment = System.getenv();
    if (settings.file().isEmpty() && !environment.containsKey("POLYPTYCH_MODEL")) {
      flags.putIfAbsent("model", Home.builtInModel().toString());
    }
    UntilTerminated.run(Worker.start(WorkerConfigReader.read(settings.file(), environment, flags)));
    return 0;
  }
}
