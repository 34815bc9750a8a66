package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A linear map from a latent cell to a colour. It gives a picture of latents at almost no cost,
 * with one pixel for each cell (8 x 8 pixels of the sheet in FLUX.1).
 *
 * @param weights (3, latent channels), row-major: red, green, blue of -1 to 1; not copied
 * @param bias of the three colours; not copied
 */
record PreviewMap(float[] weights, float[] bias) {
  private static final int COLOURS = 3;

  /** Cells in a token: 2 x 2. */
  private static final int CELLS = 4;

  private static final String FILE = "preview.safetensors";

  private static final AutoencoderConfig FLUX =
      new AutoencoderConfig(
          16, List.of(128, 256, 512, 512), 2, 32, 0.3611, 0.1159, true, false, false);

  /**
   * {@code latent_rgb_factors} of ComfyUI's latent_formats.py, fitted on pictures of FLUX.1-dev:
   * red, green and blue for each latent channel.
   */
  private static final float[][] FLUX_FACTORS = {
    {-0.0346f, 0.0244f, 0.0681f},
    {0.0034f, 0.0210f, 0.0687f},
    {0.0275f, -0.0668f, -0.0433f},
    {-0.0174f, 0.0160f, 0.0617f},
    {0.0859f, 0.0721f, 0.0329f},
    {0.0004f, 0.0383f, 0.0115f},
    {0.0405f, 0.0861f, 0.0915f},
    {-0.0236f, -0.0185f, -0.0259f},
    {-0.0245f, 0.0250f, 0.1180f},
    {0.1008f, 0.0755f, -0.0421f},
    {-0.0515f, 0.0201f, 0.0011f},
    {0.0428f, -0.0012f, -0.0036f},
    {0.0817f, 0.0765f, 0.0749f},
    {-0.1264f, -0.0522f, -0.1103f},
    {-0.0280f, -0.0881f, -0.0499f},
    {-0.1262f, -0.0982f, -0.0778f},
  };

  private static final float[] FLUX_BIAS = {-0.0329f, -0.0718f, -0.0851f};

  PreviewMap {
    if (bias.length != COLOURS || weights.length == 0 || weights.length % COLOURS != 0) {
      throw new IllegalArgumentException("a preview map has 3 x channels weights and 3 biases");
    }
  }

  /**
   * The map of a model: that of its folder ({@code preview.safetensors} with {@code weight} (3,
   * latent channels) and {@code bias} (3)), else the published one for FLUX.1's autoencoder, else
   * one that is fitted now.
   *
   * @throws ModelFolderException if the folder's file is wrong
   */
  static PreviewMap of(ModelFolder folder, Autoencoder autoencoder, NDManager manager) {
    Path file = folder.path().resolve(FILE);
    if (Files.exists(file)) {
      return read(file, folder.autoencoder().latentChannels());
    }
    return folder.autoencoder().equals(FLUX)
        ? flux()
        : new PreviewFit(folder.autoencoder(), autoencoder, manager).map();
  }

  private static PreviewMap read(Path path, long channels) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      if (!file.entry("weight").shape().equals(List.of(3L, channels))
          || !file.entry("bias").shape().equals(List.of(3L))) {
        throw new ModelFolderException(
            path,
            "must hold weight of shape [3, " + channels + "] and bias of shape [3]",
            "delete it to have previews fitted on loading");
      }
      return new PreviewMap(file.floats("weight"), file.floats("bias"));
    } catch (SafetensorsException wrong) {
      throw new ModelFolderException(
          path, "can't be read: " + wrong.getMessage(), "delete it to have previews fitted");
    }
  }

  static PreviewMap flux() {
    float[] weights = new float[3 * FLUX_FACTORS.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = FLUX_FACTORS[i % FLUX_FACTORS.length][i / FLUX_FACTORS.length];
    }
    return new PreviewMap(weights, FLUX_BIAS.clone());
  }

  int channels() {
    return weights.length / COLOURS;
  }

  /** A picture of packed latents (tokens, 4 * channels). */
  SheetPixels picture(float[] packed, Grid grid) {
    int width = 2 * grid.columns();
    int height = 2 * grid.rows();
    byte[] rgb = new byte[COLOURS * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / COLOURS % width;
      int y = i / COLOURS / width;
      int token = y / 2 * grid.columns() + x / 2;
      int cell = y % 2 * 2 + x % 2;
      rgb[i] = value(packed, token * CELLS * channels() + cell, i % COLOURS);
    }
    return new SheetPixels(width, height, rgb);
  }

  private byte value(float[] packed, int first, int colour) {
    float sum = bias[colour];
    for (int channel = 0; channel < channels(); channel++) {
      sum += weights[colour * channels() + channel] * packed[first + CELLS * channel];
    }
    return (byte) Math.clamp(Math.round((sum + 1) * 127.5f), 0, 255);
  }
}
