package dev.polyptych.engine.denoise;

import dev.polyptych.engine.model.FluxTransformer.Grid;
import dev.polyptych.engine.sheet.SheetPixels;

/**
 * What a latent cell looks like, as a linear map: a picture of latents for next to nothing, one
 * pixel a cell (8 x 8 pixels of the sheet in FLUX.1).
 *
 * @param weights (3, latent channels), row-major: red, green, blue of -1 to 1; not copied
 * @param bias of the three; not copied
 */
record PreviewMap(float[] weights, float[] bias) {
  private static final int COLOURS = 3;

  /** Cells of a token: 2 x 2. */
  private static final int CELLS = 4;

  PreviewMap {
    if (bias.length != COLOURS || weights.length == 0 || weights.length % COLOURS != 0) {
      throw new IllegalArgumentException("a preview map has 3 x channels weights and 3 biases");
    }
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
