package dev.polyptych.cli.command;

import dev.polyptych.schema.config.Settings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a process's settings come from; a flag goes over the environment, that over the file. */
final class ProcessOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as YAML. Each can also be an environment variable, POLYPTYCH_<KEY>.")
  private Optional<Path> file = Optional.empty();

  @Mixin private SettingOptions settings = new SettingOptions();

  /** File, this process's environment and the flags. */
  Settings.Sources sources() {
    return new Settings.Sources(file, System.getenv(), settings.flags());
  }
}
