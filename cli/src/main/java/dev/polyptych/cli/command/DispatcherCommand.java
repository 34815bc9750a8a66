package dev.polyptych.cli.command;

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
    description =
        "Runs one dispatcher. It needs a broker and a Redis, and runs until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "polyptych settings dispatcher prints all settings with their defaults and bounds; so does"
          + " docs/settings.md."
    })
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
