package dev.polyptych.dispatcher.placement;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.Router;
import dev.polyptych.policy.routing.RoutingRules;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.SwapCosts;
import dev.polyptych.schema.fleet.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Dispatchers that know nothing of each other but what the fleet shows them, once a second. 16
 * workers, 40 adapters with Zipf's shares, a swap of half a job from memory and one from the file.
 * A worker stays on its adapter for up to eight jobs, then takes the oldest; nothing is handed
 * over. All times are in jobs; what counts is the difference between one dispatcher and several.
 */
class SeveralDispatchersTest {
  private static final int WORKERS = 16;
  private static final int ADAPTERS = 40;
  private static final int JOBS = 900;

  /** Swaps come on top, so this is nearly all that the workers can do. */
  private static final double MUCH = 0.75;

  /** As on a large model: a look is a tenth of a job. */
  private static final double LONG = 10;

  /** As on a small one: a job is over before the next look. */
  private static final double SHORT = 1;

  private static final int STREAK = 8;

  @Test
  void whereJobsAreLongerThanLooksFourDispatchersDoAsWellAsOne() {
    Run one = run(LONG, 1, false);
    Run four = run(LONG, 4, false);

    assertTrue(four.p95() < one.p95() + 1, () -> one + ", with four " + four);
    assertTrue(four.swaps() < 1.2 * one.swaps(), () -> one + ", with four " + four);
  }

  @Test
  void whereJobsAreAsShortAsLooksTheyWaitForSomeJobsLongerAndNoBacklogGrows() {
    Run one = run(SHORT, 1, false);
    Run four = run(SHORT, 4, false);

    assertTrue(four.p95() < one.p95() + 4, () -> one + ", with four " + four);
    assertTrue(four.swaps() < 1.2 * one.swaps(), () -> one + ", with four " + four);
  }

  @Test
  void dispatchersThatGetTasksOfTheirOwnKeepUp() {
    Run alike = run(LONG, 4, false);
    Run apart = run(LONG, 4, true);

    assertTrue(apart.p95() < alike.p95() + 2, () -> alike + ", apart " + apart);
    assertTrue(apart.swaps() < 1.5 * alike.swaps(), () -> alike + ", apart " + apart);
  }

  /**
   * @param p95 from arrival to begin
   * @param swaps a job
   */
  private record Run(double mean, double p95, double swaps) {}

  private record Job(int adapter, double arrived) {}

  private static final class Worker {
    private final double jobSeconds;
    private final Deque<Job> queue = new ArrayDeque<>();
    private final Map<String, Tier> tiers = new HashMap<>();
    private int warm = -1;
    private double freeAt;
    private int swaps;
    private int streak;

    Worker(double jobSeconds) {
      this.jobSeconds = jobSeconds;
    }

    /** Begins every job that can begin by a time. */
    void until(double now, List<Double> waits) {
      while (!queue.isEmpty() && Math.max(freeAt, queue.peek().arrived()) <= now) {
        double ready = Math.max(freeAt, queue.peek().arrived());
        Job job = next(ready);
        queue.remove(job);
        waits.add((ready - job.arrived()) / jobSeconds);
        freeAt = ready + jobSeconds * (1 + swap(job.adapter()));
      }
    }

    private Job next(double ready) {
      return queue.stream()
          .filter(job -> streak < STREAK && job.adapter() == warm && job.arrived() <= ready)
          .findFirst()
          .orElse(queue.peek());
    }

    private double swap(int adapter) {
      streak = adapter == warm ? streak + 1 : 1;
      if (adapter == warm) {
        return 0;
      }
      swaps++;
      boolean held = tiers.containsKey(name(adapter));
      tiers.replaceAll((name, tier) -> Tier.HOST);
      tiers.put(name(adapter), Tier.WARM);
      warm = adapter;
      return held ? 0.5 : 1;
    }

    FleetWorker seen(int id, double now) {
      return new FleetWorker(
          "w-" + id,
          List.of(2 * id, 2 * id + 1),
          Math.max(0, freeAt - now) + queue.size() * jobSeconds,
          at(now),
          false,
          Residency.of(tiers),
          new SwapCosts(jobSeconds / 2, jobSeconds / 2, jobSeconds, jobSeconds),
          Abilities.UNKNOWN);
    }
  }

  /**
   * @param apart whether each dispatcher gets tasks of its own instead of an even part of all
   */
  private static Run run(double jobSeconds, int dispatchers, boolean apart) {
    Random random = new Random(7);
    double[] shares =
        IntStream.rangeClosed(1, ADAPTERS).mapToDouble(i -> 1 / Math.pow(i, 1.1)).toArray();
    double all = Arrays.stream(shares).sum();
    List<Router> routers =
        Stream.generate(() -> new Router(RoutingRules.DEFAULT)).limit(dispatchers).toList();
    List<Worker> workers = Stream.generate(() -> new Worker(jobSeconds)).limit(WORKERS).toList();
    Fleet fleet = Fleet.silent(2 * WORKERS);
    List<Double> waits = new ArrayList<>();
    int jobs = 0;
    double now = 0;
    double nextLook = 0;
    while (now < JOBS * jobSeconds) {
      while (nextLook <= now) {
        double look = nextLook;
        workers.forEach(worker -> worker.until(look, waits));
        fleet =
            new Fleet(
                2 * WORKERS,
                IntStream.range(0, WORKERS).mapToObj(i -> workers.get(i).seen(i, look)).toList());
        nextLook++;
      }
      int adapter = pick(shares, random.nextDouble() * all);
      int dispatcher = apart ? adapter % dispatchers : random.nextInt(dispatchers);
      int partition = routers.get(dispatcher).partition(name(adapter), jobSeconds, fleet, at(now));
      workers.get(partition / 2).queue.add(new Job(adapter, now));
      jobs++;
      now += -Math.log(1 - random.nextDouble()) * jobSeconds / (WORKERS * MUCH);
    }
    double[] sorted = waits.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double swaps = workers.stream().mapToInt(worker -> worker.swaps).sum();
    return new Run(
        Arrays.stream(sorted).average().orElseThrow(),
        sorted[(int) (sorted.length * 0.95)],
        swaps / jobs);
  }

  private static int pick(double[] shares, double point) {
    int adapter = 0;
    double left = point - shares[0];
    while (left > 0 && adapter + 1 < shares.length) {
      adapter++;
      left -= shares[adapter];
    }
    return adapter;
  }

  private static String name(int adapter) {
    return "adapter-" + adapter;
  }

  private static Instant at(double seconds) {
    return Fleets.NOW.plus(Duration.ofNanos(Math.round(seconds * 1e9)));
  }
}
