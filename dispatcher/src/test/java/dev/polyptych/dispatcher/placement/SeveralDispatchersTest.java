package dev.polyptych.dispatcher.placement;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.routing.Fleet;
import dev.polyptych.schema.routing.FleetWorker;
import dev.polyptych.schema.routing.Residency;
import dev.polyptych.schema.routing.Router;
import dev.polyptych.schema.routing.RoutingRules;
import dev.polyptych.schema.routing.SwapCosts;
import dev.polyptych.schema.routing.Tier;
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
 * Dispatchers that know nothing of each other but what the fleet shows them, late. 16 workers, 40
 * adapters with Zipf's shares, jobs of a second, a swap of half a second from memory and one from
 * the file; at 75 % load, swaps not counted. A worker stays on its adapter for up to eight jobs,
 * then takes the oldest. What counts is the difference between one dispatcher and several.
 */
class SeveralDispatchersTest {
  private static final int WORKERS = 16;
  private static final int ADAPTERS = 40;
  private static final double JOB_SECONDS = 1;
  private static final double LOAD = 0.75;
  private static final int SECONDS = 900;
  private static final int STREAK = 8;

  @Test
  void fourDispatchersWaitLittleLongerThanOne() {
    Run one = run(1, 1, false);
    Run four = run(4, 1, false);

    assertTrue(four.p95() < 1.5 * one.p95(), () -> one + ", with four " + four);
    assertTrue(four.swaps() < 1.1 * one.swaps(), () -> one + ", with four " + four);
  }

  @Test
  void looksThatAreFiveSecondsOldMakeNoHerdThatGrows() {
    Run one = run(1, 5, false);
    Run four = run(4, 5, false);

    assertTrue(four.p95() < 2.5 * one.p95(), () -> one + ", with four " + four);
  }

  @Test
  void dispatchersThatSeeDifferentTasksSpreadThemWiderAndStillKeepUp() {
    Run alike = run(4, 1, false);
    Run apart = run(4, 1, true);

    assertTrue(apart.p95() < 2.5 * alike.p95(), () -> alike + ", apart " + apart);
    assertTrue(apart.swaps() < 1.5 * alike.swaps(), () -> alike + ", apart " + apart);
  }

  /**
   * @param p95 seconds from arrival to begin
   * @param swaps a job
   */
  private record Run(double mean, double p95, double swaps) {}

  private record Job(int adapter, double arrived) {}

  private static final class Worker {
    private final Deque<Job> queue = new ArrayDeque<>();
    private final Map<String, Tier> tiers = new HashMap<>();
    private int warm = -1;
    private double freeAt;
    private int swaps;
    private int streak;

    /** Begins every job that can begin by a time. */
    void until(double now, List<Double> waits) {
      while (!queue.isEmpty() && Math.max(freeAt, queue.peek().arrived()) <= now) {
        double ready = Math.max(freeAt, queue.peek().arrived());
        Job job = next(ready);
        queue.remove(job);
        waits.add(ready - job.arrived());
        freeAt = ready + JOB_SECONDS + swap(job.adapter());
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
          Math.max(0, freeAt - now) + queue.size() * JOB_SECONDS,
          at(now),
          false,
          Residency.of(tiers),
          new SwapCosts(0.5, 0.5, 1, 1));
    }
  }

  /**
   * @param late seconds from a look to when the dispatchers go by it
   * @param apart whether each dispatcher gets tasks of its own instead of an even part of all
   */
  private static Run run(int dispatchers, int late, boolean apart) {
    Random random = new Random(7);
    double[] shares =
        IntStream.rangeClosed(1, ADAPTERS).mapToDouble(i -> 1 / Math.pow(i, 1.1)).toArray();
    double all = Arrays.stream(shares).sum();
    List<Router> routers =
        Stream.generate(() -> new Router(RoutingRules.DEFAULT)).limit(dispatchers).toList();
    List<Worker> workers = Stream.generate(Worker::new).limit(WORKERS).toList();
    Deque<Fleet> looks = new ArrayDeque<>();
    List<Double> waits = new ArrayList<>();
    int jobs = 0;
    double now = 0;
    double nextLook = 0;
    while (now < SECONDS) {
      while (nextLook <= now) {
        double look = nextLook;
        workers.forEach(worker -> worker.until(look, waits));
        looks.add(
            new Fleet(
                2 * WORKERS,
                IntStream.range(0, WORKERS).mapToObj(i -> workers.get(i).seen(i, look)).toList()));
        if (looks.size() > late) {
          looks.remove();
        }
        nextLook++;
      }
      int adapter = pick(shares, random.nextDouble() * all);
      int dispatcher = apart ? adapter % dispatchers : random.nextInt(dispatchers);
      int partition =
          routers.get(dispatcher).partition(name(adapter), JOB_SECONDS, looks.peek(), at(now));
      workers.get(partition / 2).queue.add(new Job(adapter, now));
      jobs++;
      now += -Math.log(1 - random.nextDouble()) * JOB_SECONDS / (WORKERS * LOAD);
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
