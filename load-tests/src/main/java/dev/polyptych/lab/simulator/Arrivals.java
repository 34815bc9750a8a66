package dev.polyptych.lab.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The jobs of a load in order of arrival. */
final class Arrivals {
  private static final double MEAN_BURST = 8;

  /** The largest relative error of an estimate. */
  private static final double ERROR = 0.1;

  private final SimulatedLoad load;
  private final SplittableRandom random;
  private final Popularity popularity;

  private Arrivals(SimulatedLoad load, long seed) {
    this.load = load;
    this.random = new SplittableRandom(seed);
    this.popularity = new Popularity(load.adapters(), load.zipf());
  }

  static List<SimulatedJob> of(SimulatedLoad load, long seed) {
    return new Arrivals(load, seed).jobs();
  }

  private List<SimulatedJob> jobs() {
    double burst = load.shape() == SimulatedLoad.Shape.BURSTS ? MEAN_BURST : 1;
    double work = load.load() * load.workers();
    List<SimulatedJob> jobs = new ArrayList<>();
    double now = 0;
    double meanSeconds = meanSeconds();
    while (true) {
      now -= Math.log(1 - random.nextDouble()) * burst * meanSeconds / work;
      if (now >= load.seconds()) {
        return jobs;
      }
      int adapter = adapter(now);
      do {
        jobs.add(job(jobs.size(), adapter, now));
      } while (random.nextDouble() > 1 / burst);
    }
  }

  private SimulatedJob job(int number, int adapter, double now) {
    double estimated = Adapters.size(adapter) * SimulatedLoad.RENDER_SECONDS;
    double seconds = estimated * (1 + ERROR * (2 * random.nextDouble() - 1));
    return new SimulatedJob(number, adapter, now, estimated, seconds);
  }

  private int adapter(double now) {
    double third = load.seconds() / 3;
    boolean flash = load.shape() == SimulatedLoad.Shape.FLASH && now > third && now < 2 * third;
    return flash && random.nextBoolean() ? load.adapters() / 2 : popularity.draw(random);
  }

  /** Mean seconds of a job, weighted by popularity. The load's rate depends on it. */
  private double meanSeconds() {
    double mean = 0;
    for (int rank = 0; rank < load.adapters(); rank++) {
      mean += popularity.share(rank) * Adapters.size(rank) * SimulatedLoad.RENDER_SECONDS;
    }
    return mean;
  }
}
