package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.fleet.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The simulator's prediction for the jobs of a round.
 *
 * <p>The simulator gets the measured times of each job: its arrival, its duration, its swap (the
 * mean if it had none), and one delay. The delay of a job that arrived at an idle worker is the
 * time until the worker began it (the median if no worker was idle). The delay of a job that waited
 * is the time from the end of the previous job to its start (the mean if it did not wait). The
 * simulator decides by itself which worker draws which job, when, and after which swaps. The
 * measured times already contain the effect of processes that slow each other down.
 */
final class Prediction {
  /** The longest gaps belong to jobs that waited on another worker and were handed over. */
  private static final double PLAIN_GAPS = 0.95;

  private final List<Round.Drawn> round;

  /** Delays of jobs that arrived at an idle worker, by seed. */
  private final Map<Long, Double> deliveries = new HashMap<>();

  /** Delays of jobs that waited, by seed. */
  private final Map<Long, Double> gaps = new HashMap<>();

  private final double gapSeconds;

  Prediction(List<Round.Drawn> round) {
    this.round = round;
    Map<String, Double> freeAt = new HashMap<>();
    for (Round.Drawn job : byBegin(round)) {
      double free = freeAt.getOrDefault(job.worker(), 0.0);
      double taken = job.drawn().begun() - job.drawn().swapSeconds();
      if (free <= job.came()) {
        deliveries.put(job.drawn().seed(), taken - job.came());
      } else {
        gaps.put(job.drawn().seed(), taken - free);
      }
      freeAt.put(job.worker(), job.drawn().ended());
    }
    double longest = Quantiles.nearestRank(PLAIN_GAPS, array(gaps.values()));
    gaps.values().removeIf(gap -> gap > longest);
    this.gapSeconds = gaps.values().stream().mapToDouble(gap -> gap).average().orElse(0);
  }

  private static List<Round.Drawn> byBegin(List<Round.Drawn> round) {
    return round.stream().sorted(Comparator.comparingDouble(job -> job.drawn().begun())).toList();
  }

  /** Median seconds from a job's arrival at an idle worker to its start; 0 if none was idle. */
  double deliverySeconds() {
    return deliveries.isEmpty() ? 0 : Quantiles.median(array(deliveries.values()));
  }

  /** Mean seconds from the end of a job to the start of one that waited. */
  double gapSeconds() {
    return gapSeconds;
  }

  /** Mean seconds of a swap; 0 if there was none. */
  double swapSeconds() {
    return mean(
        round.stream().filter(job -> job.drawn().from().isPresent()).toList(),
        job -> job.drawn().swapSeconds());
  }

  /**
   * Mean seconds of a swap to an adapter that was not prefetched; 0 if there was none. Workers
   * report this value, and routing uses it.
   */
  double coldSwapSeconds() {
    return mean(
        round.stream()
            .filter(
                job -> job.drawn().from().filter(from -> from.compareTo(Tier.HOST) > 0).isPresent())
            .toList(),
        job -> job.drawn().swapSeconds());
  }

  /** Mean seconds of drawing a job. */
  double drawnSeconds() {
    return mean(round, job -> job.drawn().seconds());
  }

  Measures measured() {
    return Measures.of(
        round.stream()
            .map(
                job ->
                    new Measures.Job(
                        job.came(),
                        job.drawn().begun(),
                        job.drawn().ended(),
                        job.drawn().from().isPresent()))
            .toList());
  }

  /**
   * @param workers ids; the index is the worker's number in the simulator
   * @param owners ids by partition
   */
  Measures predicted(Replay.Way way, int tasks, List<String> workers, List<String> owners) {
    var fleet =
        new Replay.Fleet(
            workers.size(),
            tasks,
            owners.stream().map(workers::indexOf).toList(),
            Math.max(swapSeconds(), coldSwapSeconds()));
    List<Replay.Drawn> drawn = new Replay(fleet).predict(way, jobs());
    List<Measures.Job> jobs = new ArrayList<>();
    for (int number = 0; number < drawn.size(); number++) {
      Round.Drawn real = round.get(number);
      Replay.Drawn simulated = drawn.get(number);
      double begun = simulated.begun();
      jobs.add(
          new Measures.Job(
              real.arrival().at(), begun, begun + real.drawn().seconds(), simulated.swapped()));
    }
    return Measures.of(jobs);
  }

  private List<Replay.Job> jobs() {
    Map<Integer, Double> estimates =
        round.stream()
            .collect(
                Collectors.groupingBy(
                    job -> job.arrival().task(),
                    Collectors.averagingDouble(job -> job.drawn().seconds())));
    double delivery = deliverySeconds();
    double swap = swapSeconds();
    return round.stream()
        .map(
            job ->
                new Replay.Job(
                    job.arrival().at() + deliveries.getOrDefault(job.drawn().seed(), delivery),
                    job.arrival().task(),
                    estimates.get(job.arrival().task()),
                    job.drawn().seconds(),
                    job.drawn().from().isPresent() ? job.drawn().swapSeconds() : swap,
                    gaps.getOrDefault(job.drawn().seed(), gapSeconds)))
        .toList();
  }

  private static double mean(List<Round.Drawn> jobs, ToDoubleFunction<Round.Drawn> figure) {
    return jobs.stream().mapToDouble(figure).average().orElse(0);
  }

  private static double[] array(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
