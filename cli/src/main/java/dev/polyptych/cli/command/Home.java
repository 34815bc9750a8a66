package dev.polyptych.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

/** The installed distribution; the launcher script says where it lies. */
final class Home {
  /** Which of the distribution's models is drawn with where none is named. */
  private static final String BUILT_IN = "tiny";

  private Home() {}

  /**
   * A model that comes with Polyptych.
   *
   * @param catalog name of the catalog of its tasks
   */
  record Model(Path folder, String catalog) {}

  /** The name of the built-in model and of its catalog; tests have another one. */
  static String builtInCatalog() {
    return System.getProperty("polyptych.model", BUILT_IN);
  }

  /** The built-in model's folder, checked to be there. */
  static Model builtInModel() {
    String name = builtInCatalog();
    Path folder = Path.of(System.getProperty("polyptych.home", ""), "models", name);
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "the built-in model is not at "
              + folder
              + "; start through the polyptych script, or name a model folder");
    }
    return new Model(folder, name);
  }
}
