package dev.polyptych.cli.command;

import dev.polyptych.schema.catalog.CatalogFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** The installed distribution. The launcher script passes its folder. */
public final class Home {
  private Home() {}

  /**
   * A model that comes with Polyptych.
   *
   * @param catalog name of the catalog of its tasks
   */
  public record Model(Path folder, String catalog) {}

  /** The name of the built-in model and of its catalog; tests have another one. */
  public static String builtInCatalog() {
    return System.getProperty("polyptych.model", CatalogFile.BUILT_IN_MODEL);
  }

  /** The built-in model's folder, checked to be there. */
  public static Model builtInModel() {
    String name = builtInCatalog();
    Path folder = Path.of(System.getProperty("polyptych.home", ""), "models", name);
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "the built-in model is not at "
              + folder
              + "; start with the polyptych script, or name a model folder");
    }
    return new Model(folder, name);
  }
}
