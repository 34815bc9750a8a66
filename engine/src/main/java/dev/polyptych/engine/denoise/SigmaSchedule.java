package dev.polyptych.engine.denoise;

import dev.polyptych.weights.model.SchedulerConfig;
import java.util.Arrays;
import java.util.List;

/**
 * Noise levels (sigmas) of a run, falling from 1 to 0 (diffusers
 * scheduling_flow_match_euler_discrete.py and {@code calculate_shift} of pipeline_flux.py). The
 * dynamic shift grows with the number of image tokens without clamping. Immutable.
 */
public final class SigmaSchedule {
  private final double shift;
  private final double[] sigmas;

  private SigmaSchedule(double shift, double[] sigmas) {
    this.shift = shift;
    this.sigmas = sigmas;
  }

  /**
   * The schedule of a sheet.
   *
   * @param tokens image tokens of the sheet
   * @param steps at least 1
   */
  public static SigmaSchedule of(SchedulerConfig config, int tokens, int steps) {
    double factor = config.dynamic() ? Math.exp(mu(config, tokens)) : config.shift();
    double[] sigmas = new double[steps + 1];
    for (int i = 0; i < steps; i++) {
      double even = 1 - (double) i / steps;
      // diffusers stores sigmas as float32. Rounding here makes both schedules equal.
      sigmas[i] = (float) (factor / (factor + (1 / even - 1)));
    }
    return new SigmaSchedule(factor, sigmas);
  }

  /**
   * The last part of this schedule, for a run that starts from a picture instead of noise
   * (diffusers pipeline_flux_img2img.py {@code get_timesteps}).
   *
   * @param strength 0 to 1: the share of the steps to run, rounded up to whole steps
   * @throws IllegalArgumentException if no step is left
   */
  public SigmaSchedule last(double strength) {
    int skipped = (int) Math.max(steps() - Math.min(steps() * strength, steps()), 0);
    if (skipped >= steps()) {
      throw new IllegalArgumentException(
          "strength %s leaves none of %d steps to run; use a greater one"
              .formatted(strength, steps()));
    }
    return new SigmaSchedule(shift, Arrays.copyOfRange(sigmas, skipped, sigmas.length));
  }

  private static double mu(SchedulerConfig config, int tokens) {
    double slope =
        (config.maxShift() - config.baseShift()) / (config.maxTokens() - config.baseTokens());
    return config.baseShift() + slope * (tokens - config.baseTokens());
  }

  /** Number of steps. */
  public int steps() {
    return sigmas.length - 1;
  }

  /** Factor that shifts the noise levels up; 1 means no shift. */
  public double shift() {
    return shift;
  }

  /** Noise level before step {@code i}, from 0 on; after the last step it is 0. */
  public double sigma(int i) {
    return sigmas[i];
  }

  /** The noise level at the start of each step. */
  List<Double> begins() {
    return Arrays.stream(sigmas, 0, steps()).boxed().toList();
  }
}
