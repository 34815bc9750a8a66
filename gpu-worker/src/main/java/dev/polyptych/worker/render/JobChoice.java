package dev.polyptych.worker.render;

import dev.polyptych.policy.schedule.Costs;
import dev.polyptych.policy.schedule.Decision;
import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.ScheduleState;
import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes the next job from the queue, as the schedule says. Render thread only. */
public final class JobChoice {
  private final Schedule schedule;
  private final LocalQueue queue;
  private final RenderState state;
  private final AdapterNeeds needs;
  private final ReferencePictures references;
  private final Workload workload;
  private final Clock clock;
  private WorkOutlook outlook = WorkOutlook.EMPTY;

  public JobChoice(
      Schedule schedule,
      LocalQueue queue,
      RenderState state,
      AdapterNeeds needs,
      ReferencePictures references,
      Workload workload,
      Clock clock) {
    this.schedule = schedule;
    this.queue = queue;
    this.state = state;
    this.needs = needs;
    this.references = references;
    this.workload = workload;
    this.clock = clock;
  }

  /** The next job; empty when there is none within that time. */
  Optional<Delivery> take(Duration atMost) throws InterruptedException {
    return queue.take(this::choose, atMost);
  }

  /** What waited when the last job was taken. */
  WorkOutlook outlook() {
    return outlook;
  }

  /** The job has had the GPU for this time, whatever the outcome. */
  void charged(Delivery job, Duration took) {
    state.schedule(schedule.charged(state.schedule(), job, took));
  }

  /** The job was drawn. */
  void rendered(Delivery job) {
    state.schedule(schedule.rendered(state.schedule(), job));
  }

  /** Between two jobs: takes over from the engine where adapters are, and what things cost. */
  void look(PanelSetEngine engine) {
    state.adaptersOf(engine);
    state.schedule(
        state
            .schedule()
            .withWarm(engine.warmAdapter())
            .withCosts(new Costs(workload.jobSeconds(), workload.swapCosts(), state.residency())));
  }

  private Optional<Delivery> choose(List<Delivery> all) {
    needs.fetch();
    List<Delivery> drawable =
        needs.met(all).stream().filter(job -> references.available(job.job())).toList();
    // A job expires in time, whether its adapters and references are here or not.
    if (next(all) instanceof Decision.Expire<Delivery>(Delivery late)) {
      return chosen(late, false, drawable);
    }
    return switch (next(drawable)) {
      case Decision.Render<Delivery>(Delivery job) -> chosen(job, true, drawable);
      case Decision.SwapAndRender<Delivery>(Delivery job) -> chosen(job, false, drawable);
      case Decision.Expire<Delivery>(Delivery job) -> chosen(job, false, drawable);
      case Decision.Nothing<Delivery>() -> Optional.empty();
    };
  }

  private Decision<Delivery> next(List<Delivery> jobs) {
    return schedule.next(jobs, state.schedule(), clock.instant(), state::renderTime);
  }

  private Optional<Delivery> chosen(Delivery job, boolean warm, List<Delivery> waiting) {
    List<Delivery> others =
        waiting.stream().filter(other -> !other.position().equals(job.position())).toList();
    ScheduleState after = schedule.rendered(state.schedule(), job);
    Optional<String> next = schedule.prefetch(others, after, clock.instant());
    outlook = WorkOutlook.of(job, warm, waiting, next);
    return Optional.of(job);
  }
}
