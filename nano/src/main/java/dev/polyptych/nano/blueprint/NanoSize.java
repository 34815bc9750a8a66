package dev.polyptych.nano.blueprint;

import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.SchedulerConfig;
import java.util.List;

/**
 * The sizes of the nano model that training may choose. All other sizes are fixed.
 *
 * @param doubleBlocks blocks with separate image and text streams
 * @param singleBlocks blocks over the joined stream
 * @param heads of the transformer, 64 wide each
 * @param scheduler how the noise shifts with the number of image tokens
 */
public record NanoSize(
    int doubleBlocks,
    int singleBlocks,
    int heads,
    AutoencoderConfig autoencoder,
    SchedulerConfig scheduler) {
  private static final int GROUPS = 8;

  /**
   * The planned transformer with latents that are not scaled yet.
   *
   * @param latentChannels of an unpacked latent cell
   * @param widths channels of the autoencoder at each resolution, finest first
   */
  public static NanoSize of(int latentChannels, List<Integer> widths) {
    return new NanoSize(
        2,
        6,
        4,
        new AutoencoderConfig(latentChannels, widths, 1, GROUPS, 1, 0, false, false, false),
        new SchedulerConfig(true, 3.0, 0.5, 0.7, 16, 64));
  }

  /** The same with latents of {@code (mean - shift) * scaling}, as measured on the autoencoder. */
  public NanoSize withLatents(double scaling, double shift) {
    AutoencoderConfig scaled =
        new AutoencoderConfig(
            autoencoder.latentChannels(),
            autoencoder.widths(),
            autoencoder.blocks(),
            autoencoder.groups(),
            scaling,
            shift,
            autoencoder.middleAttention(),
            autoencoder.quantized(),
            autoencoder.postQuantized());
    return new NanoSize(doubleBlocks, singleBlocks, heads, scaled, scheduler);
  }

  /** The same with another schedule of noise. */
  public NanoSize withScheduler(SchedulerConfig other) {
    return new NanoSize(doubleBlocks, singleBlocks, heads, autoencoder, other);
  }
}
