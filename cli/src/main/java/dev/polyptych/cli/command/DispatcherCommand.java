package dev.polyptych.cli.command;

import dev.polyptych.cli.telemetry.Telemetry;
import dev.polyptych.dispatcher.Dispatcher;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code polyptych dispatcher}. */
@Command(
    name = "dispatcher",
    mixinStandardHelpOptions = true,
    description = "Runs one dispatcher against a broker and a Redis until it is told to end.")
public final class DispatcherCommand implements Callable<Integer> {
  @Mixin private ProcessOptions settings = new ProcessOptions();

  @Override
  public Integer call() throws Exception {
    DispatcherConfig config = DispatcherConfig.read(settings.sources());
    Telemetry telemetry = Telemetry.of("polyptych-dispatcher", System.getenv());
    Dispatcher dispatcher = Dispatcher.start(config, telemetry.api());
    UntilTerminated.run(dispatcher, telemetry, new CompletableFuture<>());
    return 0;
  }
}
