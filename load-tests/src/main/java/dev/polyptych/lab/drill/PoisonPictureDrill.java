package dev.polyptych.lab.drill;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.bench.uploads.HostilePictures;
import dev.polyptych.lab.bench.uploads.HostilePictures.Hostile;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Shelving;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pictures that would end a worker. Uploads are refused. Pictures that are put into Redis past the
 * upload fail their job at its first attempt, and no worker ends. A job that ends two workers does
 * not get a third.
 */
record PoisonPictureDrill(Stage stage) implements Drill {
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(4);
  private static final Duration HELD_WITHIN = Duration.ofMinutes(3);
  private static final int UPLOADS = 50;
  private static final int LONG_JOB = 100;

  @Override
  public Incident run() throws InterruptedException {
    long begun = System.nanoTime();
    List<byte[]> huge =
        List.of(
            HostilePictures.png(1, 12_000_000),
            HostilePictures.png(33_554_432, 1),
            HostilePictures.png(1, 3_000_000));
    for (byte[] picture : huge) {
      uploaded(picture, 422);
    }
    HostilePictures pictures = new HostilePictures(ThreadLocalRandom.current().nextLong());
    for (int i = 0; i < UPLOADS; i++) {
      Hostile hostile = pictures.next();
      int status = Await.until("an answer", HELD_WITHIN, () -> stage.api().upload(hostile.bytes()));
      if (status >= 500) {
        throw new DrillFailedException(hostile.kind() + " was answered " + status);
      }
    }
    for (byte[] picture : huge) {
      JobStatus end = ended(stage.jobs().submitDoomed(1, List.of(past(picture))));
      expect(end, ErrorCode.INVALID_PICTURE, 1);
    }
    endTwoWorkers();
    stage.probe();
    return Incident.since(begun);
  }

  private void uploaded(byte[] picture, int wanted) throws InterruptedException {
    int status = Await.until("an answer", HELD_WITHIN, () -> stage.api().upload(picture));
    if (status != wanted) {
      throw new DrillFailedException("a huge picture was answered " + status);
    }
  }

  /** Stores a picture that no dispatcher has checked. */
  private Reference past(byte[] picture) {
    URI redis = RedisServer.address(stage.backends().redisPort());
    try (RedisConnection connection = RedisConnection.open(redis)) {
      Shelving kept =
          new ReferenceStore(connection, Retention.DEFAULT)
              .put(TenantId.DEFAULT, picture, OptionalLong.empty());
      return new Reference(1, ((Shelving.Kept) kept).key());
    }
  }

  private void endTwoWorkers() throws InterruptedException {
    String job = stage.jobs().submitDoomed(LONG_JOB, List.of());
    for (int attempt = 1; attempt <= 2; attempt++) {
      int current = attempt;
      Member worker =
          Await.until(
              "attempt " + attempt + " of " + job,
              HELD_WITHIN,
              () ->
                  stage
                      .api()
                      .status(job)
                      .filter(it -> it.state() == JobState.RENDERING && it.attempt() == current)
                      .flatMap(JobStatus::worker)
                      .flatMap(stage.cluster()::worker));
      stage.cluster().killWorker(worker);
      stage.cluster().startWorker(Map.of());
    }
    expect(ended(job), ErrorCode.POISON, 2);
  }

  private JobStatus ended(String job) throws InterruptedException {
    return Await.until(
        "job " + job + " to end",
        ENDED_WITHIN,
        () -> stage.api().status(job).filter(status -> status.state().terminal()));
  }

  private static void expect(JobStatus end, ErrorCode code, int attempts) {
    if (end.error().filter(error -> error.code() == code).isEmpty() || end.attempt() != attempts) {
      throw new DrillFailedException(
          "job %s should have ended with %s after %d attempts: %s"
              .formatted(end.id(), code, attempts, end));
    }
  }
}
