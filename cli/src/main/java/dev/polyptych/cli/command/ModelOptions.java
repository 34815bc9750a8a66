package dev.polyptych.cli.command;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The model that draws, and its catalog. */
public final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "PATH",
      description =
          "Model: a folder in diffusers layout, a safetensors file with all parts, or a model file"
              + " (YAML) that names the parts (default: the built-in model).")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--catalog",
      paramLabel = "NAME|FILE",
      description = "Catalog of the model's tasks (default: the built-in model's).")
  private Optional<String> catalog = Optional.empty();

  /** The model that was named, if any. */
  public Optional<Path> named() {
    return model;
  }

  /** The model that was named, or the built-in model's. */
  public Path folder() {
    return model.orElseGet(() -> Home.builtInModel().folder());
  }

  /** The catalog that was named, or the built-in model's. */
  public Catalog catalog() {
    return catalog(Home.builtInCatalog());
  }

  /**
   * The catalog that was named, or another built-in one.
   *
   * @param otherwise its name
   */
  public Catalog catalog(String otherwise) {
    String name = catalog.orElse(otherwise);
    Path file = Path.of(name);
    if (Files.isRegularFile(file)) {
      return CatalogFile.read(file);
    }
    try {
      return CatalogFile.builtIn(name);
    } catch (IllegalArgumentException unknown) {
      throw new ConfigException(
          List.of(
              "--catalog: %s is no file, and %s: nano, tiny, flux.1-dev and flux.1-fill-dev are built in"
                  .formatted(name, unknown.getMessage())));
    }
  }
}
