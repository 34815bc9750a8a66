package dev.polyptych.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

/** The installed distribution; the launcher script says where it lies. */
final class Home {
  private Home() {}

  /** The folder of the model that comes with Polyptych. */
  static Path builtInModel() {
    String home = System.getProperty("polyptych.home", "");
    Path model = Path.of(home, "models", "tiny");
    if (!Files.isDirectory(model)) {
      throw new IllegalStateException(
          "the built-in model is not at "
              + model
              + "; start through the polyptych script, or name a"
              + " model folder");
    }
    return model;
  }
}
