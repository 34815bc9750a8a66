package dev.polyptych.dispatcher;

import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.fleet.Abilities;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.fleet.WorkerLoad;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.WorkerDirectory;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A worker as others see it: its heartbeats in Redis and its group's offsets on Kafka. */
public final class PlayedWorker implements AutoCloseable {
  private static final Optional<List<String>> NOTHING = Optional.of(List.of());
  public static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

  /** More than the lanes have, so that one worker holds them all. */
  public static final List<Integer> ALL_PARTITIONS = IntStream.range(0, 256).boxed().toList();

  /** Of a worker that draws a job in 2 s, 10 ms of it for each thousand tokens of a step. */
  public static final WorkerLoad MEASURED =
      new WorkerLoad(1e-5, 0.5, 2, 0, 0, List.of("couple-profile"));

  private final String id;
  private final WorkerDirectory directory;

  public PlayedWorker(String id, RunningDispatcher running) {
    this.id = id;
    this.directory = new WorkerDirectory(running.redis());
  }

  public void beats(WorkerLoad load) {
    directory.beat(heartbeat(id, ALL_PARTITIONS, load));
  }

  /** Owns some partitions, with an adapter warm. */
  public void beats(String adapter, List<Integer> partitions, WorkerLoad load) {
    directory.beat(heartbeat(id, adapter, partitions, load));
  }

  /** Owns all partitions and tells what it can draw. */
  public void beats(Abilities.Report abilities) {
    WorkerHeartbeat able = heartbeat(id, ALL_PARTITIONS, MEASURED);
    directory.beat(changed(able, Optional.empty(), MEASURED, abilities, NOTHING));
  }

  /** Owns all partitions and fetches adapters. */
  public void fetches(List<String> adapters) {
    directory.beat(changed(heartbeat(id, ALL_PARTITIONS, MEASURED), adapters));
  }

  /** Draws a job that takes so many seconds more. */
  public void draws(String job, double seconds) {
    WorkerLoad load = new WorkerLoad(1e-5, 0.5, 2, seconds, 0, List.of());
    WorkerHeartbeat idle = heartbeat(id, ALL_PARTITIONS, load);
    directory.beat(changed(idle, Optional.of(job), load, Abilities.Report.NONE, NOTHING));
  }

  /**
   * Owns all partitions.
   *
   * @param jobs ids of the jobs that it has fetched; empty for an older worker
   */
  public static WorkerHeartbeat holding(String id, Optional<List<String>> jobs) {
    WorkerHeartbeat idle = heartbeat(id, ALL_PARTITIONS, MEASURED);
    return changed(idle, Optional.empty(), MEASURED, Abilities.Report.NONE, jobs);
  }

  private static WorkerHeartbeat changed(
      WorkerHeartbeat of,
      Optional<String> job,
      WorkerLoad load,
      Abilities.Report abilities,
      Optional<List<String>> held) {
    return new WorkerHeartbeat(
        of.version(),
        of.id(),
        of.model(),
        of.device(),
        of.computeType(),
        of.adapter(),
        of.streak(),
        job,
        of.stepSeconds(),
        of.waiting(),
        of.partitions(),
        of.startedAt(),
        load,
        abilities,
        held,
        of.fetching());
  }

  private static WorkerHeartbeat changed(WorkerHeartbeat of, List<String> fetching) {
    return new WorkerHeartbeat(
        of.version(),
        of.id(),
        of.model(),
        of.device(),
        of.computeType(),
        of.adapter(),
        of.streak(),
        of.job(),
        of.stepSeconds(),
        of.waiting(),
        of.partitions(),
        of.startedAt(),
        of.load(),
        of.abilities(),
        of.held(),
        fetching);
  }

  /** Still loads its model. */
  public void loads() {
    WorkerHeartbeat ready = heartbeat(id, List.of(), WorkerLoad.NONE);
    directory.beat(
        new WorkerHeartbeat(
            ready.version(),
            id,
            ready.model(),
            WorkerHeartbeat.LOADING,
            WorkerHeartbeat.LOADING,
            Optional.empty(),
            0,
            Optional.empty(),
            0,
            0,
            List.of(),
            STARTED,
            WorkerLoad.NONE,
            Abilities.Report.NONE,
            NOTHING,
            List.of()));
  }

  @Override
  public void close() {
    directory.leave(id);
  }

  public static WorkerHeartbeat heartbeat(String id, List<Integer> partitions, WorkerLoad load) {
    return heartbeat(id, "couple-profile", partitions, load);
  }

  private static WorkerHeartbeat heartbeat(
      String id, String adapter, List<Integer> partitions, WorkerLoad load) {
    return new WorkerHeartbeat(
        WorkerHeartbeat.VERSION,
        id,
        "tiny",
        "cpu",
        "float32",
        Optional.of(adapter),
        1,
        Optional.empty(),
        0.25,
        0,
        partitions,
        STARTED,
        load,
        Abilities.Report.NONE,
        NOTHING,
        List.of());
  }

  /**
   * Settles all jobs that are on the lanes, earlier tests' too. No sweep looks at them any more.
   */
  public static void settleAll(RunningDispatcher running) throws Exception {
    settleAll();
    running.redis().call(jedis -> jedis.del("open-jobs"));
  }

  /** Settles all records that are on the lanes. Their jobs stay open, as if they were lost. */
  public static void settleAll() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", Backends.kafkaBootstrapServers()))) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      var topics =
          admin
              .describeTopics(Topics.lanes("tiny"))
              .allTopicNames()
              .get(20, TimeUnit.SECONDS)
              .values();
      topics.forEach(
          topic ->
              topic
                  .partitions()
                  .forEach(
                      partition ->
                          latest.put(
                              new TopicPartition(topic.name(), partition.partition()),
                              OffsetSpec.latest())));
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      admin
          .listOffsets(latest)
          .all()
          .get(20, TimeUnit.SECONDS)
          .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
      admin.alterConsumerGroupOffsets(Topics.group("tiny"), ends).all().get(20, TimeUnit.SECONDS);
    }
  }

  /** Waits until a dispatcher has seen that nothing is on the lanes. */
  public static void awaitSettled(RunningDispatcher running) {
    for (Lane lane : Lane.values()) {
      String line =
          "polyptych_dispatcher_backlog_jobs{base=\"tiny\",lane=\"%s\"} 0.0".formatted(lane.text());
      running.management().until("/metrics", body -> body.contains(line));
    }
  }
}
