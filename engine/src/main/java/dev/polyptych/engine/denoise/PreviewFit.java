package dev.polyptych.engine.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.model.Autoencoder;
import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.weights.model.AutoencoderConfig;

/**
 * Fits a preview map by least squares. It decodes random latents once and compares each cell with
 * the mean of its pixels. The latents are flat patches with noise on top, because most of a picture
 * is flat.
 */
final class PreviewFit {
  private static final Grid GRID = new Grid(16, 16);
  private static final int CELLS_A_SIDE = 2 * 16;
  private static final int PATCH = 4;
  private static final float ROUGHNESS = 1;
  private static final int COLOURS = 3;

  /** Regularises channels that the decoder ignores. */
  private static final double RIDGE = 1e-3;

  private final AutoencoderConfig config;
  private final Autoencoder autoencoder;
  private final NDManager manager;

  PreviewFit(AutoencoderConfig config, Autoencoder autoencoder, NDManager manager) {
    this.config = config;
    this.autoencoder = autoencoder;
    this.manager = manager;
  }

  PreviewMap map() {
    int channels = config.latentChannels();
    float[] cells = cells(channels);
    double[][] system = equations(cells, decoded(cells, channels), channels);
    eliminate(system);
    float[] weights = new float[COLOURS * channels];
    float[] bias = new float[COLOURS];
    for (int colour = 0; colour < COLOURS; colour++) {
      for (int channel = 0; channel < channels; channel++) {
        weights[colour * channels + channel] = (float) system[channel][channels + 1 + colour];
      }
      bias[colour] = (float) system[channels][channels + 1 + colour];
    }
    return new PreviewMap(weights, bias);
  }

  /** Latents by channel, row, column. */
  private static float[] cells(int channels) {
    int plane = CELLS_A_SIDE * CELLS_A_SIDE;
    float[] rough = new SeededNormal(1).numbers(channels * plane);
    float[] patches = new SeededNormal(2).numbers(channels * plane);
    float[] cells = new float[channels * plane];
    for (int i = 0; i < cells.length; i++) {
      int y = i % plane / CELLS_A_SIDE / PATCH * PATCH;
      int x = i % CELLS_A_SIDE / PATCH * PATCH;
      cells[i] = patches[i / plane * plane + y * CELLS_A_SIDE + x] + ROUGHNESS * rough[i];
    }
    return cells;
  }

  /** Mean colour of each cell, by colour, row, column. */
  private double[] decoded(float[] cells, int channels) {
    float[] packed = PackedLatents.packed(cells, GRID.rows(), GRID.columns(), 4 * channels);
    try (NDManager scratch = manager.newSubManager()) {
      NDArray latents = scratch.create(packed, new Shape(1, GRID.tokens(), 4L * channels));
      float[] picture = autoencoder.decode(latents, GRID, scratch).toFloatArray();
      int factor = config.factor();
      int width = CELLS_A_SIDE * factor;
      double[] means = new double[COLOURS * CELLS_A_SIDE * CELLS_A_SIDE];
      for (int i = 0; i < picture.length; i++) {
        int row = i / width / factor; // of cells; the colour planes follow each other
        means[row * CELLS_A_SIDE + i % width / factor] += picture[i] / (double) (factor * factor);
      }
      return means;
    }
  }

  /**
   * Normal equations: one row for each unknown (channels, bias), one right side for each colour.
   */
  private static double[][] equations(float[] cells, double[] colours, int channels) {
    int plane = CELLS_A_SIDE * CELLS_A_SIDE;
    double[][] system = new double[channels + 1][channels + 1 + COLOURS];
    for (int cell = 0; cell < plane; cell++) {
      for (int i = 0; i <= channels; i++) {
        double left = i == channels ? 1 : cells[i * plane + cell];
        for (int j = 0; j <= channels; j++) {
          system[i][j] += left * (j == channels ? 1 : cells[j * plane + cell]);
        }
        for (int colour = 0; colour < COLOURS; colour++) {
          system[i][channels + 1 + colour] += left * colours[colour * plane + cell];
        }
      }
    }
    for (int i = 0; i <= channels; i++) {
      system[i][i] += RIDGE * plane;
    }
    return system;
  }

  /** Gauss-Jordan; the matrix is positive definite, so no pivot is zero. */
  private static void eliminate(double[][] system) {
    for (int pivot = 0; pivot < system.length; pivot++) {
      double[] row = system[pivot];
      double scale = row[pivot];
      for (int j = 0; j < row.length; j++) {
        row[j] /= scale;
      }
      for (int i = 0; i < system.length; i++) {
        double factor = i == pivot ? 0 : system[i][pivot];
        for (int j = 0; factor != 0 && j < row.length; j++) {
          system[i][j] -= factor * row[j];
        }
      }
    }
  }
}
