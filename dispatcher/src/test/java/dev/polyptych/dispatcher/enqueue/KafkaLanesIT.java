package dev.polyptych.dispatcher.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.LaneTail;
import dev.polyptych.dispatcher.Requests;
import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.KafkaBroker;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.schema.topic.TraceParent;
import dev.polyptych.store.NewJob;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KafkaLanesIT {
  private static final Tracer TRACER = OpenTelemetry.noop().getTracer("test");

  private static final Map<String, Integer> BASES = new ConcurrentHashMap<>(Map.of("tiny", 5));

  @TempDir Path folder;

  @Test
  void theFirstProbeMakesTheTopicsWithTheirPartitions() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder);
        KafkaLanes lanes = lanes(broker)) {
      assertFalse(lanes.ready());

      assertEquals(Optional.empty(), lanes.problem());

      try (Admin admin =
          Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
        var topics =
            admin.describeTopics(Topics.lanes("tiny")).allTopicNames().get(30, TimeUnit.SECONDS);
        topics.values().forEach(topic -> assertEquals(5, topic.partitions().size()));
      }
    }
  }

  private static void write(KafkaLanes lanes, RenderJob job)
      throws LaneUnavailableException, InterruptedException {
    lanes.write(NewJob.of(job, "default"), RecordVersion.FIRST, TraceParent.of(null), 0);
  }

  /** The record is given up within seconds, and does not come after the broker is back. */
  @Test
  @Timeout(60)
  void aRecordThatWasGivenUpDoesNotComeLater() throws Exception {
    int port = FreePort.next();
    KafkaBroker broker = KafkaBroker.start(folder, port);
    try (KafkaLanes lanes = lanes(broker)) {
      lanes.problem();
      write(lanes, admitted());
      broker.close();
      assertThrows(LaneUnavailableException.class, () -> write(lanes, admitted()));

      broker = KafkaBroker.start(folder, port);
      try (LaneTail tail = new LaneTail(broker.bootstrapServers())) {
        RenderJob next = admitted();
        write(lanes, next);

        var records = tail.records();
        assertEquals(1, records.size());
        assertTrue(new String(records.getFirst().value(), UTF_8).contains(next.id()));
      }
    } finally {
      broker.close();
    }
  }

  private static KafkaLanes lanes(KafkaBroker broker) {
    return new KafkaLanes(broker.bootstrapServers(), KafkaSecurity.NONE, () -> BASES, TRACER);
  }

  private static RenderJob admitted() {
    Admission admission =
        new Admission(
            tenant -> new JobResolver(CatalogFile.builtIn("tiny")),
            Clock.systemUTC(),
            () -> 7L,
            url -> Optional.empty());
    return ((Validated.Valid<RenderJob>)
            admission
                .read(Requests.COUPLE.getBytes(UTF_8))
                .then(read -> admission.resolve(read, "default")))
        .value();
  }
}
