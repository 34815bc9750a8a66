package dev.polyptych.engine.plan;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;

/**
 * What drawing a sheet takes: an estimate, from the tensors that the graph holds at once where it
 * holds most. Attention is taken to be fused (no score matrix); allocators, libraries' workspaces
 * and adapters come on top.
 *
 * @param imageTokens of the sheet
 * @param jointTokens with those of the text: the transformer's sequence
 * @param stepBytes at the peak of a denoising step, besides weights
 * @param decodeBytes at the peak of decoding, besides weights
 */
public record SheetPlan(int imageTokens, int jointTokens, long stepBytes, long decodeBytes) {
  /** FLUX.1's T5 prompts are always padded to this. */
  private static final int TEXT_TOKENS = 512;

  /**
   * Hidden states that a single block holds at its last layer, in widths of the model: its input
   * and the normed input (2), the modulation's products (1), queries, keys and values as the fused
   * attention copies them (3), attention's result (1), the forward layer before and after GELU (8),
   * and both joined (5).
   */
  private static final int WIDTHS_OF_A_BLOCK = 20;

  /** Float32 widths of rotating queries and keys: input, both turned halves, and their stack. */
  private static final int WIDTHS_OF_ROTATION = 6;

  /** A residual block at full size: its input, the normed input, and the convolution's result. */
  private static final int PLANES_OF_A_RESIDUAL = 3;

  /**
   * @param bytesAValue of the compute type: 2 or 4
   */
  public static SheetPlan of(ModelFolder folder, Layout layout, int bytesAValue) {
    int edge = folder.tokenEdge();
    int image = layout.sheetWidth() / edge * (layout.sheetHeight() / edge);
    int joint = TEXT_TOKENS + image;
    return new SheetPlan(
        image,
        joint,
        step(folder.transformer(), joint, bytesAValue),
        decode(folder.autoencoder(), layout));
  }

  /** The greater of both peaks; they do not fall together. */
  public long peakBytes() {
    return Math.max(stepBytes, decodeBytes);
  }

  private static long step(TransformerConfig transformer, long joint, int bytesAValue) {
    long values = joint * transformer.width();
    return Math.max(
        values * WIDTHS_OF_A_BLOCK * bytesAValue,
        values * (6L * bytesAValue + (long) WIDTHS_OF_ROTATION * Float.BYTES));
  }

  /** The finest resolution, where the first residual block still has the channels of the next. */
  private static long decode(AutoencoderConfig autoencoder, Layout layout) {
    int channels = autoencoder.widths().get(Math.min(1, autoencoder.widths().size() - 1));
    long pixels = (long) layout.sheetWidth() * layout.sheetHeight();
    return pixels * channels * PLANES_OF_A_RESIDUAL * Float.BYTES;
  }
}
