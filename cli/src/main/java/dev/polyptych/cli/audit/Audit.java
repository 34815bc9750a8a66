package dev.polyptych.cli.audit;

import dev.polyptych.dispatcher.sweep.StoreRepair;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Settings;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.StoredJob;
import dev.polyptych.store.StoredJobs;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Looks at every job in Kafka and Redis. The cluster may work meanwhile. */
public final class Audit {
  static final String UNCLAIMED = "unclaimed";
  private static final String FORGOTTEN = "forgotten";
  private static final int PROGRESS_EVERY = 10_000;

  private final Backends backends;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * What a cluster works with.
   *
   * @param objects its object store, if it has one
   * @param retention how long its processes keep jobs that have ended
   */
  public record Backends(
      String bootstrapServers,
      KafkaSecurity kafkaSecurity,
      URI redis,
      Optional<ObjectSettings> objects,
      Retention retention) {
    private static final List<Setting> KNOWN =
        List.of(
            Setting.BOOTSTRAP_SERVERS,
            Setting.KAFKA_PROPERTIES,
            Setting.REDIS,
            Setting.OBJECTS,
            Setting.OBJECTS_ENDPOINT,
            Setting.RESULT_HOURS,
            Setting.RECORD_HOURS,
            Setting.TOMBSTONE_HOURS,
            Setting.CATALOG);

    /**
     * Reads the settings that an audit shares with the cluster's processes.
     *
     * @throws dev.polyptych.schema.config.ConfigException listing everything that is wrong
     */
    public static Backends read(Settings.Sources sources) {
      return Settings.read(
          sources,
          KNOWN,
          settings ->
              new Backends(
                  settings.bootstrapServers(),
                  settings.kafkaSecurity(),
                  settings.redis(),
                  settings.objects(),
                  settings.retention()));
    }

    /**
     * The catalog of the cluster's dispatchers. Only a repair needs it.
     *
     * @throws dev.polyptych.schema.config.ConfigException as {@link #read}
     */
    public static Catalog catalog(Settings.Sources sources) {
      return Settings.read(sources, KNOWN, Settings::catalog);
    }
  }

  public Audit(Backends backends, Clock clock, Consumer<String> progress) {
    this.backends = backends;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Audits once.
   *
   * @param accepted ids of jobs that clients received with a 202; those without a trace are lost
   * @throws IOException when the broker does not answer
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   * @throws dev.polyptych.store.objects.ObjectsUnavailableException when the object store does not
   *     answer
   */
  public AuditReport run(Collection<String> accepted) throws IOException, InterruptedException {
    var begun = clock.instant();
    LaneBooks books = new LaneBooks();
    boolean wholeDeadTopic;
    try (TopicReader topics =
        new TopicReader(backends.bootstrapServers(), backends.kafkaSecurity())) {
      wholeDeadTopic = LaneReader.read(topics, books);
    }
    progress.accept("read %d records from the lanes".formatted(books.records()));
    Findings findings =
        new Findings(
            new Judgement(begun, backends.retention(), wholeDeadTopic),
            books,
            Set.copyOf(accepted));
    try (RedisConnection redis = RedisConnection.open(backends.redis())) {
      Optional<SharedObjects> objects =
          backends.objects().map(settings -> SharedObjects.open(settings, redis));
      try {
        StoredJobs store = new StoredJobs(redis, objects.map(shared -> images(shared, redis)));
        Set<String> ids = new TreeSet<>(store.ids());
        ids.addAll(books.ids());
        ids.addAll(accepted);
        for (String id : ids) {
          findings.look(store.job(id));
        }
        return findings.report(ids.size());
      } finally {
        objects.ifPresent(SharedObjects::close);
      }
    }
  }

  /**
   * Takes up what an audit found: jobs that are on the lanes and unknown to Redis are adopted, and
   * open jobs that no worker will get are produced again, or end. Takes half a minute.
   *
   * @param catalog of the cluster's dispatchers
   * @throws IOException when the broker does not answer
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  public void repair(AuditReport found, Catalog catalog) throws IOException, InterruptedException {
    Set<String> ids = new TreeSet<>();
    ids.addAll(found.faults().getOrDefault(Fault.LOST, List.of()));
    ids.addAll(found.faults().getOrDefault(Fault.STRANDED, List.of()));
    if (ids.isEmpty()) {
      progress.accept("nothing to repair");
      return;
    }
    try (RedisConnection redis = RedisConnection.open(backends.redis());
        StoreRepair repair =
            new StoreRepair(
                backends.bootstrapServers(),
                backends.kafkaSecurity(),
                redis,
                backends.retention(),
                catalog,
                clock)) {
      progress.accept("made the states of %d jobs anew from Kafka".formatted(repair.adopt()));
      repair.reconcile(ids, progress);
      JobStore store = new JobStore(redis, backends.retention());
      for (String id : ids) {
        progress.accept(
            "%s is %s"
                .formatted(
                    id, store.status(id).map(job -> job.state().text()).orElse("not known")));
      }
    }
  }

  private ResultObjects images(SharedObjects objects, RedisConnection redis) {
    return new ResultObjects(objects, redis, backends.retention().results());
  }

  private final class Findings {
    private final Judgement judgement;
    private final LaneBooks books;
    private final Set<String> accepted;
    private final SortedMap<String, Long> states = new TreeMap<>();
    private final SortedMap<String, Long> acceptedStates = new TreeMap<>();
    private final SortedMap<Fault, List<String>> faults = new TreeMap<>();
    private long looked;

    Findings(Judgement judgement, LaneBooks books, Set<String> accepted) {
      this.judgement = judgement;
      this.books = books;
      this.accepted = accepted;
      books.withoutLetter().forEach(place -> note(Fault.LOST, place));
    }

    void look(StoredJob job) {
      Produced produced = books.produced(job.id());
      Optional<Fault> fault = judgement.of(job, produced);
      fault.ifPresent(found -> note(found, job.id()));
      if (fault.isEmpty() || job.state().isPresent()) {
        String state = state(job, produced);
        states.merge(state, 1L, Long::sum);
        if (accepted.contains(job.id())) {
          acceptedStates.merge(state, 1L, Long::sum);
        }
      }
      if (++looked % PROGRESS_EVERY == 0) {
        progress.accept("looked at %d jobs".formatted(looked));
      }
    }

    private static String state(StoredJob job, Produced produced) {
      boolean unclaimed = job.tombstone().isEmpty() && produced.letters() == 0 && produced.open();
      return job.state().map(JobState::text).orElse(unclaimed ? UNCLAIMED : FORGOTTEN);
    }

    private void note(Fault fault, String what) {
      faults.computeIfAbsent(fault, first -> new ArrayList<>()).add(what);
    }

    AuditReport report(int jobs) {
      return new AuditReport(
          jobs, states, acceptedStates, books.records(), books.repeated(), faults);
    }
  }
}
