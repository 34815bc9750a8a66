package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.simulator.Popularity;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random arrivals of jobs, the same for every arm. */
final class ArrivalTrace {
  private static final long SEED = 1;

  private ArrivalTrace() {}

  /**
   * @param at seconds since the start
   * @param task its number
   */
  record Arrival(double at, int task) {}

  /**
   * @param perSecond mean rate
   */
  static List<Arrival> of(int jobs, int tasks, double zipf, double perSecond) {
    SplittableRandom random = new SplittableRandom(SEED);
    Popularity popularity = new Popularity(tasks, zipf);
    List<Arrival> arrivals = new ArrayList<>();
    double now = 0;
    while (arrivals.size() < jobs) {
      now -= Math.log(1 - random.nextDouble()) / perSecond;
      arrivals.add(new Arrival(now, popularity.draw(random)));
    }
    return arrivals;
  }
}
