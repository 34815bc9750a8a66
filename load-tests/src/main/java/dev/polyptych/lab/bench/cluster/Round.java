package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.cluster.ArrivalTrace.Arrival;
import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
import dev.polyptych.lab.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Submits jobs at their arrival times and waits until all are drawn. */
final class Round {
  private static final Duration DRAWN_WITHIN = Duration.ofMinutes(8);

  /** From the decision to start until the first job may arrive. */
  private static final double LEAD_SECONDS = 0.2;

  private Round() {}

  /** A drawn job and its time of arrival. */
  record Drawn(Arrival arrival, double came, String worker, Notice.Drawn drawn) {}

  private record ByWorker(String worker, Notice.Drawn drawn) {}

  /**
   * @param firstSeed greater than any seed of earlier rounds
   * @return the drawn jobs in order of arrival
   */
  static List<Drawn> run(Entrance entrance, List<Arrival> arrivals, long firstSeed, Notices notices)
      throws InterruptedException {
    Map<Long, ByWorker> drawn = new ConcurrentHashMap<>();
    Notices.Listener listener =
        (worker, notice) -> {
          if (notice instanceof Notice.Drawn job && job.seed() >= firstSeed) {
            drawn.put(job.seed(), new ByWorker(worker, job));
            entrance.drawn(worker);
          }
        };
    notices.listen(listener);
    try {
      double begin = NoticeSender.now() + LEAD_SECONDS;
      for (int number = 0; number < arrivals.size(); number++) {
        Arrival arrival = arrivals.get(number);
        long early = Math.round((begin + arrival.at() - NoticeSender.now()) * 1e9);
        TimeUnit.NANOSECONDS.sleep(early);
        entrance.submit(arrival.task(), firstSeed + number);
      }
      Await.until(
          "all jobs to be drawn",
          DRAWN_WITHIN,
          () -> {
            entrance.check();
            return Await.when(drawn.size() == arrivals.size());
          });
      return joined(arrivals, begin, firstSeed, drawn);
    } finally {
      notices.forget(listener);
    }
  }

  private static List<Drawn> joined(
      List<Arrival> arrivals, double begin, long firstSeed, Map<Long, ByWorker> drawn) {
    return IntStream.range(0, arrivals.size())
        .mapToObj(
            number -> {
              Arrival arrival = arrivals.get(number);
              ByWorker by = drawn.get(firstSeed + number);
              return new Drawn(arrival, begin + arrival.at(), by.worker(), by.drawn());
            })
        .toList();
  }
}
