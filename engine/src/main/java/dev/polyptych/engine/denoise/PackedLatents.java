package dev.polyptych.engine.denoise;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * Latents of a sheet in host memory: (tokens, channels), row-major. A token packs 2x2 latent cells;
 * its channels are ordered by latent channel, cell row, cell column (diffusers pipeline_flux.py
 * {@code _pack_latents}).
 *
 * @param values {@code tokens * channels} values, not copied
 */
public record PackedLatents(int tokens, int channels, float[] values) {
  private static final String KEY = "latents";

  public PackedLatents {
    if (values.length != tokens * channels) {
      throw new IllegalArgumentException(
          values.length + " values are no " + tokens + " x " + channels + " latents");
    }
  }

  /**
   * Standard normal noise. It is drawn in the order of unpacked latents (channel, row, column), so
   * the noise of a cell does not depend on the packing.
   *
   * @param rows rows of tokens
   * @param columns columns of tokens
   * @param channels channels of a token
   */
  public static PackedLatents noise(long seed, int rows, int columns, int channels) {
    float[] drawn = new SeededNormal(seed).numbers(rows * columns * channels);
    return new PackedLatents(rows * columns, channels, packed(drawn, rows, columns, channels));
  }

  /** Packs latents (channel, row, column) into tokens; arguments as in {@link #noise}. */
  static float[] packed(float[] cells, int rows, int columns, int channels) {
    float[] packed = new float[cells.length];
    int width = 2 * columns;
    for (int i = 0; i < cells.length; i++) {
      int x = i % width;
      int y = i / width % (2 * rows);
      int channel = i / width / (2 * rows);
      int token = y / 2 * columns + x / 2;
      packed[token * channels + channel * 4 + y % 2 * 2 + x % 2] = cells[i];
    }
    return packed;
  }

  /**
   * Reads tensor {@code latents}, of shape (1, tokens, channels) or (tokens, channels), from a
   * safetensors file.
   *
   * @throws dev.polyptych.weights.safetensors.SafetensorsException if the file is wrong or lacks it
   * @throws IllegalArgumentException if the tensor has another shape
   */
  public static PackedLatents read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<Long> shape = file.entry(KEY).shape();
      if (shape.size() < 2 || shape.size() > 3 || (shape.size() == 3 && shape.getFirst() != 1)) {
        throw new IllegalArgumentException(
            path + ": latents have shape " + shape + ", not (1, tokens, channels)");
      }
      int tokens = Math.toIntExact(shape.get(shape.size() - 2));
      return new PackedLatents(tokens, Math.toIntExact(shape.getLast()), file.floats(KEY));
    }
  }

  /** Writes a file for {@link #read}. */
  public void write(Path path) {
    new SafetensorsWriter()
        .add(KEY, List.of(1L, (long) tokens, (long) channels), values)
        .write(path);
  }
}
