package dev.polyptych.engine.tiny;

import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the tiny model into a folder and, for each given name, a random rank-4 adapter to {@code
 * adapters/NAME.safetensors}. Equal arguments give equal bytes.
 */
public final class TinyModel {
  /** The default size. */
  public static final Size TINY = new Size(64, 2, 2, 2, 32, 4);

  /** As {@link #TINY}, with the inputs of FLUX.1 Fill. */
  public static final Size FILL = new Size(384, 2, 2, 2, 32, 4);

  private TinyModel() {}

  /**
   * The size of the transformer and its adapters. All other sizes are fixed.
   *
   * @param inputs channels of a token that goes in: 64, or 384 as in FLUX.1 Fill
   * @param headWidth width of a head, a multiple of 16
   * @param rank rank of the adapters
   */
  public record Size(
      int inputs, int doubleBlocks, int singleBlocks, int heads, int headWidth, int rank) {}

  /** Writes model and adapters and replaces existing ones. */
  public static void write(Path path, List<String> adapters) throws IOException {
    write(path, TINY, adapters);
  }

  /** As {@link #write(Path, List)}, with another size. */
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
