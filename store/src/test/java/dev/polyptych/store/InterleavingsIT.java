package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCoverage;

/**
 * Every change of a job is one script, so whatever dispatchers, workers and sweepers do at the same
 * time is some order of their calls. Here the order is any, and callers are late, doubled or gone.
 */
class InterleavingsIT {
  private static final int JOBS = 3;

  private static RedisConnection redis;
  private static JobRequest request;

  @BeforeContainer
  static void open() {
    redis = RedisConnection.open(Backends.redisUri());
    byte[] json =
        "{\"task\": \"couple-profile\", \"prompt\": \"p\", \"panels\": [\"a\", \"b\"], \"seed\": 1}"
            .getBytes(UTF_8);
    request = ((Validated.Valid<JobRequest>) JobRequestReader.read(json)).value();
  }

  @AfterContainer
  static void close() {
    redis.close();
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void inWhateverOrderAJobIsCalledItEndsOnceWithAtMostOneResult(
      @ForAll("interleavings") List<Step> steps) {
    List<ModelJob> models = Stream.generate(ModelJob::new).limit(JOBS).toList();
    List<TriedJob> jobs = Stream.generate(this::job).limit(JOBS).toList();

    for (Step step : steps) {
      TriedJob job = jobs.get(step.job());
      ModelJob model = models.get(step.job());
      String expected = model.answer(step.kind(), job.attempt(step.back()));
      assertEquals(expected, job.call(step), step::toString);
      assertEquals(model.state(), job.state(), () -> "the state after " + step);
    }

    for (TriedJob job : jobs) {
      if (job.state().isPresent()) {
        job.settle();
        job.checkSettled();
      }
      job.checkOutcome();
      Statistics.label("ends").collect(job.outcome().map(JobState::text).orElse("never came"));
    }
    Statistics.label("ends").coverage(InterleavingsIT::reachesEveryEnd);
  }

  /** Else the property would say less than it seems to. */
  private static void reachesEveryEnd(StatisticsCoverage coverage) {
    for (JobState state : JobState.values()) {
      if (state.terminal()) {
        coverage.check(state.text()).percentage(share -> share > 3);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> interleavings() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(3, Step.Kind.ACCEPT),
            Tuple.of(1, Step.Kind.ADOPT),
            Tuple.of(3, Step.Kind.QUEUE),
            Tuple.of(8, Step.Kind.CLAIM),
            Tuple.of(6, Step.Kind.PROGRESS),
            Tuple.of(2, Step.Kind.CHECKPOINT),
            Tuple.of(2, Step.Kind.FINISH),
            Tuple.of(2, Step.Kind.RELEASE),
            Tuple.of(2, Step.Kind.RETRY),
            Tuple.of(1, Step.Kind.FAIL),
            Tuple.of(1, Step.Kind.CANCEL),
            Tuple.of(1, Step.Kind.ABANDON),
            Tuple.of(2, Step.Kind.SWEEP),
            Tuple.of(1, Step.Kind.START_BY_PASSES),
            Tuple.of(1, Step.Kind.FINISH_BY_PASSES),
            Tuple.of(1, Step.Kind.RECORD_EXPIRES));
    Arbitrary<Integer> job = Arbitraries.integers().between(0, JOBS - 1);
    // Most calls come from who holds the job; the others are late.
    Arbitrary<Integer> back = Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2));
    Arbitrary<Integer> completed = Arbitraries.integers().between(0, 20);
    return Combinators.combine(kinds, job, back, completed)
        .as(Step::new)
        .list()
        .ofMaxSize(60)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private TriedJob job() {
    return new TriedJob(redis, InterleavingsIT::resolve);
  }

  private static RenderJob resolve(String id) {
    return ((Validated.Valid<RenderJob>)
            new JobResolver(CatalogFile.builtIn("tiny")).resolve(id, request))
        .value();
  }
}
