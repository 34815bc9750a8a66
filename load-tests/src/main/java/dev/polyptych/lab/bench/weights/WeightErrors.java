package dev.polyptych.lab.bench.weights;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.lab.bench.PictureError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How far sheets are from the same ones that were drawn with the widest weights. */
final class WeightErrors {
  private double latents;
  private double changed;
  private double error;
  private double worstLatents;
  private double picture;
  private double worstPicture;
  private int pictures;

  /**
   * A sheet.
   *
   * @param noise what it began with
   * @param latents after the last step
   */
  record DrawnSheet(float[] noise, float[] latents, Optional<SheetPixels> picture) {}

  void add(DrawnSheet exact, DrawnSheet other) {
    double difference = squared(exact.latents(), other.latents());
    double size = squared(exact.latents(), new float[exact.latents().length]);
    error += difference;
    latents += size;
    changed += squared(exact.latents(), exact.noise());
    worstLatents = Math.max(worstLatents, Math.sqrt(difference / size));
    if (exact.picture().isPresent()) {
      double squared = PictureError.squared(exact.picture().get(), other.picture().orElseThrow());
      picture += squared;
      worstPicture = Math.max(worstPicture, squared);
      pictures++;
    }
  }

  /**
   * Relative errors as root mean squares, of the latents and of what all steps together added to
   * the noise, and the pictures' peak signal-to-noise ratio. All names begin with the prefix.
   */
  Map<String, Double> figures(String prefix) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(prefix + "latents_error", Math.sqrt(error / latents));
    figures.put(prefix + "latents_error_worst", worstLatents);
    figures.put(prefix + "change_error", Math.sqrt(error / changed));
    if (pictures > 0) {
      figures.put(prefix + "psnr_db", PictureError.decibels(picture / pictures));
      figures.put(prefix + "psnr_worst_db", PictureError.decibels(worstPicture));
    }
    return figures;
  }

  private static double squared(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (double) one[i] - other[i];
      sum += difference * difference;
    }
    return sum;
  }
}
