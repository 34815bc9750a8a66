package dev.polyptych.cli.command;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.schema.config.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --step-cache}. */
public final class StepCacheOption {
  @Option(
      names = "--step-cache",
      paramLabel = "none|METHOD:THRESHOLD",
      description =
          "Reuse what most blocks added in an earlier step if the two steps are similar, for example"
              + " first-block:0.1 or teacache:0.4. Faster, but not the model's own picture"
              + " (default: ${DEFAULT-VALUE}).")
  private String stepCache = "none";

  /** The request, with the cache that was asked for. */
  public DenoiseRequest in(DenoiseRequest request) {
    return read(stepCache).map(request::with).orElse(request);
  }

  /** Fails when the option is wrong. */
  public void checked() {
    read(stepCache);
  }

  /**
   * Empty: none.
   *
   * @throws ConfigException that says the form
   */
  public static Optional<StepCache> read(String text) {
    try {
      return StepCache.read(text);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException(List.of("--step-cache: " + wrong.getMessage()));
    }
  }
}
