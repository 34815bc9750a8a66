package dev.polyptych.nano.train;

/**
 * Mean and spread of an autoencoder's raw latents: what brings them to mean 0 and deviation 1.
 *
 * @param scaling 1 / deviation
 * @param shift mean
 */
record LatentScale(double scaling, double shift) {
  static LatentScale of(float[] raw) {
    double sum = 0;
    double squares = 0;
    for (float value : raw) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / raw.length;
    return new LatentScale(1 / Math.sqrt(squares / raw.length - mean * mean), mean);
  }
}
