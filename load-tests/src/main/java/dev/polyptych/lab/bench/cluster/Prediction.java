package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.fleet.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the simulator makes of the jobs of a round. It is told when each came, for how long it was
 * drawn, what its swap took (the mean where it had none), and what went by besides: from a job's
 * coming to an idle worker until that began it (the median where none was idle), or from the end of
 * the job before to the beginning of one that waited (the mean where it had not). Who draws what,
 * when and after which swaps it finds by itself. So how processes slow each other down is in the
 * times that it is told.
 */
final class Prediction {
  /** The longest gaps are no gaps, but jobs that waited elsewhere and were handed over. */
  private static final double PLAIN_GAPS = 0.95;

  private final List<Round.Drawn> round;

  /** Of the jobs that came to an idle worker, by their seeds. */
  private final Map<Long, Double> deliveries = new HashMap<>();

  /** Of those that had waited, by their seeds. */
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
    double longest = longestPlain(array(gaps.values()));
    gaps.values().removeIf(gap -> gap > longest);
    this.gapSeconds = gaps.values().stream().mapToDouble(gap -> gap).average().orElse(0);
  }

  private static List<Round.Drawn> byBegin(List<Round.Drawn> round) {
    return round.stream().sorted(Comparator.comparingDouble(job -> job.drawn().begun())).toList();
  }

  /** Median seconds from a job's coming to an idle worker until that began it. */
  double deliverySeconds() {
    return Measures.median(array(deliveries.values()));
  }

  /** Mean seconds from the end of a job to the beginning of one that waited. */
  double gapSeconds() {
    return gapSeconds;
  }

  /** Mean seconds of those swaps that there were; 0 of none. */
  double swapSeconds() {
    return mean(
        round.stream().filter(job -> job.drawn().from().isPresent()).toList(),
        job -> job.drawn().swapSeconds());
  }

  /**
   * Mean seconds of a swap to an adapter that had not been read ahead: what workers tell of those
   * that are not warm, and routing goes by; 0 of none.
   */
  double coldSwapSeconds() {
    return mean(
        round.stream()
            .filter(
                job -> job.drawn().from().filter(from -> from.compareTo(Tier.HOST) > 0).isPresent())
            .toList(),
        job -> job.drawn().swapSeconds());
  }

  /** Mean seconds for which a job was drawn. */
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
   * @param workers ids, by the number that the simulator knows them by
   * @param owners ids, by partition
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

  private static double longestPlain(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Measures.quantile(sorted, PLAIN_GAPS);
  }

  private static double[] array(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
