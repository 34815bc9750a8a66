package dev.polyptych.engine.tiny;

import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the tiny model: {@code TinyModel FOLDER ADAPTER...} makes the model in FOLDER and a random
 * rank-4 adapter in {@code FOLDER/adapters/ADAPTER.safetensors} for each name. The same arguments
 * give the same bytes.
 */
public final class TinyModel {
  /** The tiny model's own size. */
  public static final Size TINY = new Size(2, 2, 2, 32, 4);

  private TinyModel() {}

  /**
   * How large the transformer and its adapters are; all else is the tiny model's.
   *
   * @param headWidth a multiple of 16
   * @param rank of the adapters
   */
  public record Size(int doubleBlocks, int singleBlocks, int heads, int headWidth, int rank) {}

  /** The program of the build. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]), Arrays.asList(arguments).subList(1, arguments.length));
  }

  /** Writes the model and its adapters, replacing what was there. */
  public static void write(Path path, List<String> adapters) throws IOException {
    write(path, TINY, adapters);
  }

  /** The same with a transformer of another size. */
  public static void write(Path path, Size size, List<String> adapters) throws IOException {
    TinyBlueprint.of(path, size).write();
    ModelFolder folder = ModelFolder.open(path);
    RandomWeights.fill(folder);
    Files.createDirectories(path.resolve("adapters"));
    for (String adapter : adapters) {
      RandomWeights.adapter(folder, size.rank(), adapter);
    }
  }
}
