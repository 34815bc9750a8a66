package dev.polyptych.lab.bench.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.bench.LaneJob;
import dev.polyptych.policy.routing.PartitionRanking;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.NewJob;
import dev.polyptych.store.RedisConnection;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The durable writes of a submission without a service before them: the job's record in Redis by
 * one script, on shared pipelines, and one record on Kafka. Redis is another one than the
 * dispatcher's, which would take the jobs for its own.
 */
final class WritesArm implements LoadArm, AutoCloseable {
  private final TemporaryFolder folder = TemporaryFolder.create();
  private final RedisServer redis;
  private final RedisConnection connection;
  private final JobStore store;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RenderJob job;
  private final int partition;

  /** The topic of {@link ProducerArm} must be there. */
  WritesArm(AcceptBench.Target target, JobRequest request) throws IOException {
    this.redis = RedisServer.start(Optional.of(folder.path().resolve("redis")), FreePort.next());
    this.connection = RedisConnection.open(redis.uri());
    this.store = new JobStore(connection, Retention.DEFAULT);
    this.producer = ProducerArm.producer(target.bootstrapServers());
    this.job = LaneJob.resolved(target.catalog(), request);
    this.partition = PartitionRanking.first(job.adapter(), target.partitions());
  }

  @Override
  public String name() {
    return "writes";
  }

  @Override
  public LoadSample run(int callers, Duration time) throws Exception {
    return Callers.run(callers, time, this::write);
  }

  private void write() throws Exception {
    NewJob next = NewJob.of(job.withId(JobId.next(Clock.systemUTC())), TenantId.DEFAULT);
    store.accept(next);
    producer
        .send(
            new ProducerRecord<>(
                ProducerArm.TOPIC, partition, job.adapter().getBytes(UTF_8), next.record().bytes()))
        .get();
  }

  @Override
  public void close() throws IOException {
    producer.close();
    connection.close();
    redis.close();
    folder.close();
  }
}
