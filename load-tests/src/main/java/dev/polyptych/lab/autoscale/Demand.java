package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.simulator.Adapters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What is asked of the fleet over some hours. */
enum Demand {
  /** Four GPUs' work; forty's, more than the fleet may have, for twenty minutes. */
  FLASH_CROWD(4.5, 1, 40) {
    @Override
    double gpus(double hour, double noise) {
      return hour >= 1.5 && hour < 1.5 + 1 / 3.0 ? 40 : 4;
    }
  },
  /** Eight GPUs' work, six hours of nothing, eight again. */
  NIGHT(9, 0.5, 8) {
    @Override
    double gpus(double hour, double noise) {
      return hour < 1.5 || hour >= RETURN ? 8 : 0;
    }
  },
  /** From 24 GPUs' work evenly down to none in three hours. */
  DRAIN(5.5, 1, 24) {
    @Override
    double gpus(double hour, double noise) {
      return 24 * Math.clamp((4 - hour) / 3, 0, 1);
    }
  },
  /** Eight GPUs' work on the mean, that comes and goes within minutes. */
  STEADY(7, 1, 48) {
    @Override
    double gpus(double hour, double noise) {
      return 8 * noise;
    }
  };

  private static final double RETURN = 7.5;
  private static final double HOUR = 3600;

  /** Estimates are off by up to this part. */
  private static final double ERROR = 0.1;

  private static final int TASKS = 10;

  /** From minute to minute so much of the noise stays. */
  private static final double PERSISTENCE = 0.9;

  /** Standard deviation of the noise, which is lognormal. */
  private static final double DEVIATION = 0.4;

  private final double hours;
  private final double warmUp;
  private final double most;

  Demand(double hours, double warmUp, double most) {
    this.hours = hours;
    this.warmUp = warmUp;
    this.most = most;
  }

  /** GPU-seconds a second. */
  abstract double gpus(double hour, double noise);

  double seconds() {
    return hours * HOUR;
  }

  double warmUpSeconds() {
    return warmUp * HOUR;
  }

  /** When the first job after the night may come. */
  double returnsAt() {
    return this == NIGHT ? RETURN * HOUR : Double.POSITIVE_INFINITY;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** In the order in which they come, as a Poisson process of that rate. */
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
