package dev.polyptych.engine.tiny;

import dev.polyptych.schema.catalog.CatalogFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The tiny model that tests draw with, with an adapter for each task of its catalog. The first test
 * that asks writes it into the engine's {@code target}; every other test, module and JVM reads the
 * same files. Nothing but the test's own class path is needed, so an IDE can run any test.
 */
public final class TinyModels {
  /** The model's folder is named after it, since that is the model's name. */
  private static final String NAME = "tiny";

  /** The code that decides the bytes. Another version of it writes into another folder. */
  private static final List<Class<?>> WRITERS =
      List.of(TinyModel.class, TinyModel.Size.class, TinyBlueprint.class, RandomWeights.class);

  private TinyModels() {}

  /** The model's folder. */
  public static Path folder() {
    return home().resolve("models").resolve(NAME);
  }

  /** A folder in the layout of an installation whose built-in model is the tiny one. */
  public static Path home() {
    Path home = engineFolder().resolve("target").resolve("tiny-" + version());
    Path model = home.resolve("models").resolve(NAME);
    try {
      if (!Files.isDirectory(model)) {
        write(model);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return home;
  }

  /** Makes the tiny model the built-in model of commands that run in this JVM. */
  public static void makeBuiltIn() {
    System.setProperty("polyptych.home", home().toString());
    System.setProperty("polyptych.model", NAME);
  }

  /**
   * Beside its place, then renamed: no reader sees half a model, and the first of two writers wins.
   */
  static void write(Path model) throws IOException {
    Path models = Files.createDirectories(model.getParent());
    Path draft = Files.createTempDirectory(models, "draft").resolve(NAME);
    TinyModel.write(draft, CatalogFile.builtIn(NAME).taskIds());
    try {
      Files.move(draft, model, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException beaten) {
      if (!Files.isDirectory(model)) {
        throw beaten;
      }
    } finally {
      delete(draft.getParent());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Of the checkout that this process works in, from whichever of its folders. */
  private static Path engineFolder() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path engine = folder.resolve("engine");
      if (Files.isRegularFile(engine.resolve("pom.xml"))) {
        return engine;
      }
      folder = folder.getParent();
    }
    throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
  }

  private static String version() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Class<?> writer : WRITERS) {
        String file = writer.getName().replace('.', '/') + ".class";
        try (InputStream code = writer.getClassLoader().getResourceAsStream(file)) {
          digest.update(code.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException | NoSuchAlgorithmException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
