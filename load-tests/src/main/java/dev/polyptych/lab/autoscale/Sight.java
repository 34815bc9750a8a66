package dev.polyptych.lab.autoscale;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/**
 * The values that Prometheus has. They are as old as the last scrape; recorded series are older.
 */
final class Sight {
  private final Wanted wanted;
  private final ScaledFleet fleet;
  private final DoubleSupplier ended;
  private final double longest;
  private final Deque<Scrape> scrapes = new ArrayDeque<>();
  private double recorded;

  /**
   * One scrape; totals since the start of the run.
   *
   * @param ended GPU-seconds of renders that have ended, as workers count them
   * @param busy GPU-seconds drawn, as devices count them
   * @param ready seconds in which workers were ready
   */
  private record Scrape(
      double at, double outstanding, int loading, double ended, double busy, double ready) {}

  Sight(Wanted wanted, ScaledFleet fleet, DoubleSupplier ended) {
    this.wanted = wanted;
    this.fleet = fleet;
    this.ended = ended;
    this.longest = Math.max(wanted.windowSeconds(), 60);
  }

  void scrape(double now) {
    Scrape last = scrapes.peekLast();
    double ready = last == null ? 0 : last.ready() + fleet.ready() * (now - last.at());
    scrapes.addLast(
        new Scrape(
            now,
            outstanding(),
            fleet.count(Pod.State.LOADING),
            ended.getAsDouble(),
            ended.getAsDouble() + fleet.drawing(),
            ready));
    while (scrapes.peekFirst().at() < now - longest - 60) {
      scrapes.removeFirst();
    }
  }

  /** The dispatchers' estimate, or the recording rule's if there is no estimate yet. */
  private double outstanding() {
    return fleet.measured()
        ? fleet.backlog().estimated()
        : fleet.backlog().unsettled() * wanted.unmeasuredSeconds();
  }

  void record() {
    Scrape last = scrapes.peekLast();
    if (last != null) {
      Scrape before = before(last.at() - wanted.windowSeconds());
      double time = last.at() - before.at();
      double gpus = time > 0 ? (last.ended() - before.ended()) / time : 0;
      recorded = wanted.gpuSeconds(last.outstanding(), last.loading(), gpus);
    }
  }

  /** The recorded series. */
  double wantedSeconds() {
    return recorded;
  }

  /** Utilisation of ready workers, 0 to 1. */
  double utilisation(double window) {
    Scrape last = scrapes.peekLast();
    Scrape before = before(last.at() - window);
    double ready = last.ready() - before.ready();
    return ready > 0 ? Math.min(1, (last.busy() - before.busy()) / ready) : 0;
  }

  private Scrape before(double at) {
    Scrape found = scrapes.peekFirst();
    for (Scrape scrape : scrapes) {
      if (scrape.at() <= at) {
        found = scrape;
      }
    }
    return found;
  }
}
