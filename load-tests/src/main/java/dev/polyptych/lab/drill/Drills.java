package dev.polyptych.lab.drill;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.drill.DrillRun.DrillSetup;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.job.JobStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/** The drill of each kind, and the short drills. */
final class Drills {
  private Drills() {}

  static Drill of(DrillKind kind, Stage stage, DrillSetup setup) {
    DrillBackends backends = stage.backends();
    return switch (kind) {
      case KILL -> new KillDrill(stage);
      case ZOMBIE -> new ZombieDrill(stage);
      case DISPATCHER -> new DispatcherDrill(stage);
      case REDIS -> new CountedDrill(stage, new ShockDrill(stage, backends::restartRedis));
      case BROKER -> new ShockDrill(stage, backends::restartBroker);
      case CUT -> new ShockDrill(stage, () -> cut(stage.wires()));
      case SLOW -> new SlowDrill(stage);
      case MEMORY -> new MemoryDrill(stage);
      case POISON -> new PoisonDrill(stage, CatalogFile.builtIn(setup.catalog()).model());
      case POISON_PICTURE -> new PoisonPictureDrill(stage);
      case MISMATCH -> new MismatchDrill(stage, setup.catalog());
      case HUNG -> new HungDrill(stage, setup.catalog(), setup.folder().resolve("models"));
      case SECOND_UP -> new SecondUpDrill(stage, stage.cluster().folder(), stage.jobs().tasks());
      case WIPE -> counted(stage, StoreLossDrill.burstThen(backends::wipeRedis));
      case REWIND -> counted(stage, StoreLossDrill::rewind);
      case FAILOVER -> counted(stage, StoreLossDrill::failOver);
      case RETENTION -> counted(stage, StoreLossDrill::deleteRecords);
      case LANES_LOST -> counted(stage, StoreLossDrill::deleteLanes);
      case OBJECT_STORE ->
          new CountedDrill(
              stage, new ObjectStoreDrill(stage, stage.wires().objects().orElseThrow()));
      case SKEW -> new SkewDrill(stage, SkewDrill.library().orElseThrow(Drills::noLibrary));
    };
  }

  private static Drill counted(Stage stage, StoreLossDrill.Loss loss) {
    return new CountedDrill(stage, new StoreLossDrill(stage, loss));
  }

  private static void cut(Stage.Wires wires) {
    wires.broker().cut();
    wires.redis().cut();
  }

  private static IllegalStateException noLibrary() {
    return new IllegalStateException(
        "libfaketime was installed when the drills began and is missing now");
  }

  /** Kills a worker in the middle of a job. Another worker must finish it from its checkpoint. */
  record KillDrill(Stage stage) implements Drill {
    @Override
    public Incident run() throws InterruptedException {
      Catch caught = Catch.next(stage);
      long begun = System.nanoTime();
      DrillCluster cluster = stage.cluster();
      cluster.killWorker(caught.worker());
      long resumedBefore = cluster.resumed(caught.worker());
      cluster.startWorker(Map.of());
      JobStatus done = caught.doneByAnother(stage);
      Duration recovery = Duration.ofNanos(System.nanoTime() - begun);
      return new Incident(
          recovery,
          done.attempt() - caught.job().attempt(),
          cluster.resumed(caught.worker()) - resumedBefore);
    }
  }

  /**
   * A short fault. A job submitted after it must be done.
   *
   * @param shock causes the fault; returns when the backend should work again
   */
  record ShockDrill(Stage stage, Runnable shock) implements Drill {
    @Override
    public Incident run() throws InterruptedException {
      long begun = System.nanoTime();
      shock.run();
      stage.probe();
      return Incident.since(begun);
    }
  }

  /** The network to the broker and to Redis is slow until a job is done. */
  record SlowDrill(Stage stage) implements Drill {
    /** In each direction. A request waits twice as long for its answer. */
    private static final Duration DELAY = Duration.ofMillis(100);

    @Override
    public Incident run() throws InterruptedException {
      slowDown(DELAY);
      try {
        long begun = System.nanoTime();
        stage.probe();
        return Incident.since(begun);
      } finally {
        slowDown(Duration.ZERO);
      }
    }

    private void slowDown(Duration delay) {
      stage.wires().broker().slowDown(delay);
      stage.wires().redis().slowDown(delay);
    }
  }

  /** Redis refuses every write, as it does when its memory is full ({@code noeviction}). */
  record MemoryDrill(Stage stage) implements Drill {
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(30);

    /** Long enough that jobs end in the meantime. */
    private static final long HELD_SECONDS = 5;

    @Override
    public Incident run() throws InterruptedException {
      try (Jedis redis = new Jedis(RedisServer.address(stage.backends().redisPort()))) {
        try {
          redis.configSet("maxmemory", "1");
          Await.until(
              "a submission to be refused because Redis is full",
              REFUSED_WITHIN,
              () -> Await.when(!stage.jobs().takenAtOnce()));
          TimeUnit.SECONDS.sleep(HELD_SECONDS);
        } finally {
          redis.configSet("maxmemory", "0");
        }
      }
      long begun = System.nanoTime();
      stage.probe();
      return Incident.since(begun);
    }
  }
}
