package dev.polyptych.engine.sheet;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;

/**
 * An estimate of the memory that drawing a sheet takes, besides the weights. It counts the tensors
 * that the graph holds at its peak. It assumes fused attention (no score matrix). Allocators,
 * workspaces of libraries and adapters come on top.
 *
 * @param imageTokens tokens of the sheet
 * @param jointTokens length of the transformer's sequence: tokens of sheet and text
 * @param stepBytes peak of a denoising step
 * @param decodeBytes peak of decoding
 */
public record SheetPlan(int imageTokens, int jointTokens, long stepBytes, long decodeBytes) {
  /**
   * Hidden states that a single block holds at its last layer, in widths of the model. They are its
   * input and the normed input (2), the product of the modulation (1), the copies of queries, keys
   * and values that fused attention makes (3), the result of attention (1), the MLP before and
   * after GELU (8), and attention and MLP concatenated (5).
   */
  private static final int WIDTHS_OF_A_BLOCK = 20;

  /** Float32 widths of rotating queries and keys: input, both rotated halves, and their stack. */
  private static final int WIDTHS_OF_ROTATION = 6;

  /** Planes of a residual block at full size: input, normed input, result of the convolution. */
  private static final int PLANES_OF_A_RESIDUAL = 3;

  /**
   * Plans a sheet of a layout. Reads no weights and allocates nothing.
   *
   * @param bytesPerValue width of the compute type: 2 or 4
   */
  public static SheetPlan of(ModelFolder folder, Layout layout, int bytesPerValue) {
    int edge = folder.tokenEdge();
    int image = layout.sheetWidth() / edge * (layout.sheetHeight() / edge);
    int joint = folder.textTokens() + image;
    return new SheetPlan(
        image,
        joint,
        step(folder.transformer(), joint, bytesPerValue),
        decode(folder.autoencoder(), layout));
  }

  /** The greater of both peaks. They never occur at the same time. */
  public long peakBytes() {
    return Math.max(stepBytes, decodeBytes);
  }

  private static long step(TransformerConfig transformer, long joint, int bytesPerValue) {
    long values = joint * transformer.width();
    return Math.max(
        values * WIDTHS_OF_A_BLOCK * bytesPerValue,
        values * (6L * bytesPerValue + (long) WIDTHS_OF_ROTATION * Float.BYTES));
  }

  /** At the finest resolution the first residual block still has the channels of the next one. */
  private static long decode(AutoencoderConfig autoencoder, Layout layout) {
    int channels = autoencoder.widths().get(Math.min(1, autoencoder.widths().size() - 1));
    long pixels = (long) layout.sheetWidth() * layout.sheetHeight();
    return pixels * channels * PLANES_OF_A_RESIDUAL * Float.BYTES;
  }
}
