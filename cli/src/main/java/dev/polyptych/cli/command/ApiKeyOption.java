package dev.polyptych.cli.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The key that a dispatcher may ask for. */
final class ApiKeyOption {
  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      defaultValue = "${env:POLYPTYCH_API_KEY}",
      description =
          "API key, where the dispatcher asks for one; better given as POLYPTYCH_API_KEY, which"
              + " other users of this machine don't see.")
  private Optional<String> key = Optional.empty();

  Optional<String> key() {
    return key.filter(given -> !given.isBlank());
  }
}
