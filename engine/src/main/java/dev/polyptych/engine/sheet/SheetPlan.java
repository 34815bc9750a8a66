package dev.polyptych.engine.sheet;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;

/**
 * An estimate of the memory that drawing a sheet takes, besides the weights. It counts the tensors
 * that the graph holds at its peak. It assumes fused attention (no score matrix). Allocators,
 * workspaces of libraries and adapters come on top.
 *
 * @param imageTokens tokens of the sheet
 * @param jointTokens length of the transformer's sequence: tokens of sheet and text
 * @param encodeBytes peak of encoding a prompt
 * @param stepBytes peak of a denoising step
 * @param decodeBytes peak of decoding in one piece
 * @param planeBytes of the largest activation of the decoder
 * @param rowBytes of one of its rows
 */
public record SheetPlan(
    int imageTokens,
    int jointTokens,
    long encodeBytes,
    long stepBytes,
    long decodeBytes,
    long planeBytes,
    long rowBytes) {
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

  /** The same in strips: input, and two results of half as many channels. */
  private static final int PLANES_OF_A_STRIPED_RESIDUAL = 2;

  /**
   * Plans a sheet of a layout. Reads no weights and allocates nothing.
   *
   * @param bytesPerValue width of the compute type: 2 or 4
   */
  public static SheetPlan of(ModelFolder folder, Layout layout, int bytesPerValue) {
    return of(folder, layout.sheetWidth(), layout.sheetHeight(), bytesPerValue);
  }

  /** As {@link #of(ModelFolder, Layout, int)}, for a sheet of a size in pixels. */
  public static SheetPlan of(ModelFolder folder, int width, int height, int bytesPerValue) {
    int edge = folder.tokenEdge();
    int image = width / edge * (height / edge);
    int joint = folder.textTokens() + image;
    long plane = (long) width * height * widest(folder.autoencoder()) * Float.BYTES;
    return new SheetPlan(
        image,
        joint,
        encode(folder.t5(), folder.textTokens(), bytesPerValue),
        step(folder.transformer(), joint, bytesPerValue),
        plane * PLANES_OF_A_RESIDUAL,
        plane,
        plane / height);
  }

  /** Peak of decoding in strips of that many rows. */
  public long stripBytes(int rows) {
    return PLANES_OF_A_STRIPED_RESIDUAL * planeBytes
        + (long) PLANES_OF_A_RESIDUAL * rowBytes * (rows + 2);
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
  private static int widest(AutoencoderConfig autoencoder) {
    return autoencoder.widths().get(Math.min(1, autoencoder.widths().size() - 1));
  }

  /** A layer of T5: its hidden states, and the bias that is added to its attention. */
  private static long encode(T5Config t5, long tokens, int bytesPerValue) {
    long hidden = 3L * tokens * t5.hiddenWidth() * bytesPerValue;
    return hidden + 2L * tokens * tokens * t5.heads() * bytesPerValue;
  }
}
