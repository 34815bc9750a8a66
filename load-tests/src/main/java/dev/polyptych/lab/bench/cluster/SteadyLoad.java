package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Submits jobs at a steady rate until it is closed. */
final class SteadyLoad implements AutoCloseable, Notices.Listener {
  private final Entrance entrance;
  private final Notices notices;
  private final List<ArrivalTrace.Arrival> arrivals;
  private final Map<Long, Double> came = new ConcurrentHashMap<>();
  private final Map<Long, Double> begun = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("load").unstarted(this::run);

  private SteadyLoad(Entrance entrance, Notices notices, List<ArrivalTrace.Arrival> arrivals) {
    this.entrance = entrance;
    this.notices = notices;
    this.arrivals = arrivals;
  }

  /**
   * @param arrivals enough for the whole time
   */
  static SteadyLoad start(Entrance entrance, Notices notices, List<ArrivalTrace.Arrival> arrivals) {
    SteadyLoad load = new SteadyLoad(entrance, notices, arrivals);
    notices.listen(load);
    load.thread.start();
    return load;
  }

  private void run() {
    try {
      double begin = NoticeSender.now();
      for (int number = 0; number < arrivals.size(); number++) {
        double due = begin + arrivals.get(number).at();
        TimeUnit.NANOSECONDS.sleep(Math.round((due - NoticeSender.now()) * 1e9));
        came.put((long) number, due);
        entrance.submit(arrivals.get(number).task(), number);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void received(String worker, Notice notice) {
    if (notice instanceof Notice.Drawn job) {
      begun.merge(job.seed(), job.begun(), Math::min);
    }
  }

  /** Whether all jobs that arrived before this time have begun. */
  boolean begunBefore(double time) {
    return came.entrySet().stream()
        .allMatch(job -> job.getValue() > time || begun.containsKey(job.getKey()));
  }

  /**
   * The longest wait in seconds until the first step, of the jobs that arrived in this interval; 0
   * if there are none.
   */
  double longestWait(double from, double to) {
    return came.entrySet().stream()
        .filter(job -> job.getValue() >= from && job.getValue() < to)
        .filter(job -> begun.containsKey(job.getKey()))
        .mapToDouble(job -> begun.get(job.getKey()) - job.getValue())
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    thread.interrupt();
    notices.forget(this);
  }
}
