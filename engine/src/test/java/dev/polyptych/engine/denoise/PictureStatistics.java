package dev.polyptych.engine.denoise;

/** What a picture is like as a whole, in steps of 1/255. */
record PictureStatistics(double mean, double spread) {
  static PictureStatistics of(byte[] picture) {
    double sum = 0;
    double squares = 0;
    for (byte value : picture) {
      sum += value & 255;
      squares += Math.pow(value & 255, 2);
    }
    double mean = sum / picture.length;
    return new PictureStatistics(mean, Math.sqrt(squares / picture.length - mean * mean));
  }

  /** Mean absolute difference of two pictures. */
  static double difference(byte[] left, byte[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs((left[i] & 255) - (right[i] & 255));
    }
    return sum / left.length;
  }
}
