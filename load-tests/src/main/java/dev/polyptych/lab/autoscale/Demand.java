package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScaledJob.Render;
import dev.polyptych.lab.simulator.Adapters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The work that arrives at the fleet over some hours. */
enum Demand {
  /** Work for 4 GPUs. For twenty minutes work for 40, which is more than the fleet may have. */
  FLASH_CROWD(4.5, 1, 40) {
    @Override
    double gpus(double hour, double noise) {
      return hour >= 1.5 && hour < 1.5 + 1 / 3.0 ? 40 : 4;
    }
  },
  /** Work for 8 GPUs, then nothing for six hours, then work for 8 again. */
  NIGHT(9, 0.5, 8) {
    @Override
    double gpus(double hour, double noise) {
      return hour < 1.5 || hour >= RETURN ? 8 : 0;
    }
  },
  /** Work for 24 GPUs that decreases linearly to none in three hours. */
  DRAIN(5.5, 1, 24) {
    @Override
    double gpus(double hour, double noise) {
      return 24 * Math.clamp((4 - hour) / 3, 0, 1);
    }
  },
  /** Work for 8 GPUs on average, which changes within minutes. */
  STEADY(7, 1, 48) {
    @Override
    double gpus(double hour, double noise) {
      return 8 * noise;
    }
  };

  private static final double RETURN = 7.5;
  private static final double HOUR = 3600;

  /** The largest relative error of an estimate. */
  private static final double ERROR = 0.1;

  private static final int TASKS = 10;

  /** The share of the noise that persists from one minute to the next. */
  private static final double PERSISTENCE = 0.9;

  /** Standard deviation of the lognormal noise. */
  private static final double DEVIATION = 0.4;

  private final double hours;
  private final double warmUp;
  private final double most;

  Demand(double hours, double warmUp, double most) {
    this.hours = hours;
    this.warmUp = warmUp;
    this.most = most;
  }

  /** GPU-seconds of work per second. */
  abstract double gpus(double hour, double noise);

  double seconds() {
    return hours * HOUR;
  }

  double warmUpSeconds() {
    return warmUp * HOUR;
  }

  /** The time from which the first job after the night can arrive. */
  double returnsAt() {
    return this == NIGHT ? RETURN * HOUR : Double.POSITIVE_INFINITY;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The jobs in order of arrival: a Poisson process with that rate. */
  List<ScaledJob> jobs(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] noise = noise(random);
    List<ScaledJob> jobs = new ArrayList<>();
    double now = 0;
    while (true) {
      now -= Math.log(1 - random.nextDouble()) * Render.JOB_SECONDS / most;
      if (now >= seconds()) {
        return jobs;
      }
      if (random.nextDouble() * most < gpus(now / HOUR, noise[(int) (now / 60)])) {
        jobs.add(job(now, random));
      }
    }
  }

  private static ScaledJob job(double now, SplittableRandom random) {
    double estimated = Adapters.size(random.nextInt(TASKS)) * Render.JOB_SECONDS;
    double seconds = estimated * (1 + ERROR * (2 * random.nextDouble() - 1));
    return new ScaledJob(now, seconds, estimated);
  }

  private double[] noise(SplittableRandom random) {
    double[] factors = new double[(int) Math.ceil(hours * 60)];
    double deviation = DEVIATION * random.nextGaussian();
    for (int minute = 0; minute < factors.length; minute++) {
      factors[minute] = Math.exp(deviation - DEVIATION * DEVIATION / 2);
      double fresh = Math.sqrt(1 - PERSISTENCE * PERSISTENCE) * DEVIATION;
      deviation = PERSISTENCE * deviation + fresh * random.nextGaussian();
    }
    return factors;
  }
}
