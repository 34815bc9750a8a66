package dev.polyptych.lab.drill;

import dev.polyptych.lab.drill.DrillClient.Sight;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.drill.JobEnds.Aftermath;
import dev.polyptych.lab.drill.JobEnds.End;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A drill after which all jobs that were accepted before its end must have ended. Counts those that
 * have not, those that were done again, and those that are forgotten.
 */
record CountedDrill(Stage stage, Drill drill) implements Drill {
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final long LOOK_SECONDS = 2;

  @Override
  public Incident run() throws InterruptedException {
    // What callers could know before the fault. Not every caller asks all the time.
    look(stage.jobs().remembered());
    Incident incident = drill.run();
    stage.cluster().complete();
    return incident.with(settled(stage.jobs().remembered()));
  }

  private Aftermath settled(List<String> ids) throws InterruptedException {
    Map<String, End> ended = new HashMap<>();
    Set<String> pending = new HashSet<>(ids);
    Set<String> unknown = Set.of();
    long deadline = System.nanoTime() + WITHIN.toNanos();
    int calm = 0;
    // Twice: a job that is unknown now may be made anew a moment later.
    while (calm < 2 && !pending.isEmpty() && System.nanoTime() < deadline) {
      Looked looked = look(pending);
      ended.putAll(looked.ended());
      pending.removeAll(looked.ended().keySet());
      unknown = looked.unknown();
      calm = unknown.containsAll(pending) && allTold(pending) ? calm + 1 : 0;
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    }
    return stage.jobs().ends().settle(ids, ended, unknown);
  }

  private boolean allTold(Set<String> ids) {
    return ids.stream().allMatch(stage.jobs().ends()::told);
  }

  /** One look at jobs. Callers know now what it found. */
  private record Looked(Map<String, End> ended, Set<String> unknown) {}

  private Looked look(Iterable<String> ids) throws InterruptedException {
    Map<String, End> ended = new HashMap<>();
    Set<String> unknown = new HashSet<>();
    for (String id : ids) {
      switch (stage.api().look(id)) {
        case Sight.Seen(var job) -> {
          stage.jobs().ends().see(job);
          End.of(job).ifPresent(end -> ended.put(id, end));
        }
        case Sight.Unknown() -> unknown.add(id);
        case Sight.Silent() -> {}
      }
    }
    return new Looked(ended, unknown);
  }
}
