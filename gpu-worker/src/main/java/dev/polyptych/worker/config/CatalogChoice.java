package dev.polyptych.worker.config;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import java.nio.file.Path;

/** A catalog as the settings name it. */
public final class CatalogChoice {
  private CatalogChoice() {}

  /**
   * @param nameOrFile a YAML file by its ending, else the name of a built-in catalog
   * @throws RuntimeException naming file and key, when it can't be read
   */
  public static Catalog read(String nameOrFile) {
    boolean file = nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml");
    return file ? CatalogFile.read(Path.of(nameOrFile)) : CatalogFile.builtIn(nameOrFile);
  }
}
