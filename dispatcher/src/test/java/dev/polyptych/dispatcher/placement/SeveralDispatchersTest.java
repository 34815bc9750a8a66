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
 * the file, at 80 % load. Each worker takes its jobs as they came, so swaps are more than the real
 * schedule's; only the difference between one dispatcher and several counts here.
 */
class SeveralDispatchersTest {
  private static final int WORKERS = 16;
  private static final int ADAPTERS = 40;
  private static final double JOB_SECONDS = 1;
  private static final double LOAD = 0.8;
  private static final int SECONDS = 900;

  @Test
  void fourDispatchersWaitLittleLongerThanOne() {
    Run one = run(1, 1, false);
    Run four = run(4, 1, false);

    System.err.println("one " + one + ", four " + four);
    assertTrue(four.p95() < 2 * one.p95() + 1, () -> one + ", with four " + four);
    assertTrue(four.swaps() < 1.25 * one.swaps() + 0.02, () -> one + ", with four " + four);
  }

  @Test
  void looksThatAreFiveSecondsOldMakeNoHerd() {
    Run one = run(1, 5, false);
    Run four = run(4, 5, false);

    System.err.println("old looks: one " + one + ", four " + four);
    assertTrue(four.p95() < 2 * one.p95() + 5, () -> one + ", with four " + four);
  }

  @Test
  void dispatchersThatSeeDifferentTasksSpreadThemWiderAndStillKeepUp() {
    Run alike = run(4, 1, false);
    Run apart = run(4, 1, true);

    System.err.println("alike " + alike + ", apart " + apart);
    assertTrue(apart.p95() < 2 * alike.p95() + 1, () -> alike + ", apart " + apart);
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

    /** Begins every job that can begin by a time. */
    void until(double now, List<Double> waits) {
      while (!queue.isEmpty() && Math.max(freeAt, queue.peek().arrived()) <= now) {
        Job job = queue.remove();
        double begin = Math.max(freeAt, job.arrived());
        waits.add(begin - job.arrived());
        freeAt = begin + JOB_SECONDS + swap(job.adapter());
      }
    }

    private double swap(int adapter) {
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
