package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.Simulation.SimulatedCluster;
import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.policy.routing.Router;
import dev.polyptych.policy.routing.RoutingRules;
import dev.polyptych.policy.schedule.Handover;
import dev.polyptych.policy.schedule.Move;
import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.ScheduleRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Jobs on partitions, each owned by one worker. Partitions are chosen by our router or by the
 * adapter's hash. A worker sees only the jobs that it has taken; of other workers only heartbeats
 * are known.
 */
final class Lanes implements RoutingArm {
  /** Partitions per worker. Their number does not change with the fleet. */
  private static final int PARTITIONS_EACH = 4;

  private static final double HEARTBEAT_SECONDS = 5;
  private static final double LOOK_SECONDS = 1;

  private final SimulatedCluster cluster;
  private final Policy policy;
  private final Router router = new Router(RoutingRules.DEFAULT);
  private final Handover handover = new Handover();
  private final Schedule schedule = new Schedule(ScheduleRules.DEFAULT);
  private final Assignment assignment;
  private final List<Deque<SimulatedJob>> partitions = new ArrayList<>();
  private final TreeMap<Integer, Station> stations = new TreeMap<>();
  private final TreeMap<Integer, Heartbeat> heartbeats = new TreeMap<>();
  private Fleet fleet;
  private Fleet taken;
  private int handovers;

  /**
   * @param routed whether the router chooses the partition; otherwise the hash does
   * @param handsOver whether loaded workers hand jobs over to idle ones
   * @param promptly whether a worker hands over, and reports a new warm adapter or that it is idle,
   *     within a second; otherwise with each heartbeat, which is equally good if renders are long
   * @param capacity jobs that a worker takes
   */
  record Policy(boolean routed, boolean handsOver, boolean promptly, int capacity) {
    static final Policy OURS = new Policy(true, true, false, 128);
    static final Policy PROMPT = new Policy(true, true, true, 128);
    static final Policy HASH = new Policy(false, false, false, 128);
  }

  /**
   * The last heartbeat of a worker.
   *
   * @param all including jobs on its partitions that it has not taken, as the dispatcher sees it
   * @param taken as the worker reports it
   */
  private record Heartbeat(FleetWorker all, FleetWorker taken, Essence essence) {}

  /** A change of this is reported immediately. */
  private record Essence(int warm, boolean idle) {
    static Essence of(Station station) {
      return new Essence(station.worker.holdings.warm(), station.inFlight() == 0);
    }
  }

  Lanes(SimulatedCluster cluster, Policy policy) {
    this(cluster, policy, assigned(cluster.workers().size()));
  }

  /**
   * @param assignment owners of the partitions at the start
   */
  Lanes(SimulatedCluster cluster, Policy policy, Assignment assignment) {
    this.cluster = cluster;
    this.policy = policy;
    this.assignment = assignment;
    for (int partition = 0; partition < assignment.partitions(); partition++) {
      partitions.add(new ArrayDeque<>());
    }
    cluster.workers().forEach(this::enter);
    look();
  }

  private static Assignment assigned(int workers) {
    Assignment assignment = new Assignment(PARTITIONS_EACH * workers);
    assignment.assign(IntStream.range(0, workers).boxed().toList());
    return assignment;
  }

  private void enter(SimulatedWorker worker) {
    Station station = new Station(worker, schedule);
    stations.put(worker.number, station);
    double phase = HEARTBEAT_SECONDS * (worker.number % 100) / 100;
    cluster.clock().at(cluster.now() + phase, () -> beat(station));
    if (policy.promptly()) {
      cluster.clock().at(cluster.now() + phase + LOOK_SECONDS, () -> lookAround(station));
    }
  }

  private void lookAround(Station station) {
    if (stations.get(station.worker.number) == station) {
      Heartbeat before = heartbeats.get(station.worker.number);
      if (before == null || !before.essence().equals(Essence.of(station))) {
        report(station);
      }
      handOver(station);
      cluster.clock().at(cluster.now() + LOOK_SECONDS, () -> lookAround(station));
    }
  }

  private void beat(Station station) {
    if (stations.get(station.worker.number) == station) {
      report(station);
      if (policy.handsOver() && !policy.promptly()) {
        handOver(station);
      }
      cluster.clock().at(cluster.now() + HEARTBEAT_SECONDS, () -> beat(station));
    }
  }

  private void report(Station station) {
    List<Integer> owned = assignment.of(station.worker.number);
    int untaken = owned.stream().mapToInt(partition -> partitions.get(partition).size()).sum();
    FleetWorker alone = station.heartbeat(owned, 0, cluster.now());
    FleetWorker all = untaken == 0 ? alone : station.heartbeat(owned, untaken, cluster.now());
    heartbeats.put(station.worker.number, new Heartbeat(all, alone, Essence.of(station)));
  }

  private void look() {
    fleet = new Fleet(partitions.size(), heartbeats.values().stream().map(Heartbeat::all).toList());
    taken =
        new Fleet(partitions.size(), heartbeats.values().stream().map(Heartbeat::taken).toList());
    cluster.clock().at(cluster.now() + LOOK_SECONDS, this::look);
  }

  @Override
  public void arrived(SimulatedJob job) {
    put(
        job,
        policy.routed()
            ? router.partition(job.adapter(), job.estimated, fleet, Clock.instant(cluster.now()))
            : PartitionRanking.first(job.adapter(), partitions.size()));
  }

  private void put(SimulatedJob job, int partition) {
    job.partition(partition);
    partitions.get(partition).add(job);
    wake(partition);
  }

  private void wake(int partition) {
    Station owner = stations.get(assignment.owner(partition));
    if (owner != null) {
      take(owner);
      cluster.wake().up(owner.worker);
    }
  }

  @Override
  public SimulatedJob next(SimulatedWorker worker) {
    Station station = stations.get(worker.number);
    take(station);
    return station.next(cluster.now());
  }

  @Override
  public void finished(SimulatedWorker worker, SimulatedJob job, double seconds) {
    stations.get(worker.number).finished(job, seconds);
  }

  /** Takes jobs from its partitions in turn while there is room. */
  private void take(Station station) {
    boolean more = true;
    while (more) {
      more = false;
      for (int partition : assignment.of(station.worker.number)) {
        Deque<SimulatedJob> waiting = partitions.get(partition);
        if (!waiting.isEmpty() && station.inFlight() < policy.capacity()) {
          station.queue().add(waiting.poll());
          more = true;
        }
      }
    }
  }

  private void handOver(Station station) {
    List<Move<SimulatedJob>> moves =
        handover.moves(
            station.queue(),
            station.state(),
            station.id(),
            taken,
            job -> Clock.duration(job.estimated),
            Clock.instant(cluster.now()));
    for (Move<SimulatedJob> move : moves) {
      station.queue().remove(move.job());
      move.job().hop();
      handovers++;
      put(move.job(), move.partition());
    }
  }

  @Override
  public void joined(SimulatedWorker worker) {
    enter(worker);
    rebalance();
  }

  @Override
  public void lost(SimulatedWorker worker, SimulatedJob running) {
    Station gone = stations.remove(worker.number);
    heartbeats.remove(worker.number);
    if (running != null) {
      gone.queue().addFirst(running);
    }
    rebalance();
    giveBack(gone);
  }

  /** A worker that lost a partition gives back the jobs that it had taken from it. */
  private void rebalance() {
    assignment.assign(List.copyOf(stations.keySet()));
    List.copyOf(stations.values()).forEach(this::giveBack);
    for (int partition = 0; partition < partitions.size(); partition++) {
      wake(partition);
    }
  }

  private void giveBack(Station station) {
    List<SimulatedJob> notOurs =
        station.queue().stream()
            .filter(job -> assignment.owner(job.partition()) != station.worker.number)
            .toList();
    station.queue().removeAll(notOurs);
    notOurs.reversed().forEach(job -> partitions.get(job.partition()).addFirst(job));
    notOurs.forEach(job -> wake(job.partition()));
  }

  @Override
  public int handovers() {
    return handovers;
  }
}
