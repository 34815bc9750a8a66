package dev.polyptych.cli.audit;

import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.topic.DeadLetter;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The content of the lanes and the dead topic, by job. */
final class LaneBooks {
  private final Map<String, Produced> jobs = new HashMap<>();
  private final Set<DeadLetter.Origin> foreign = new HashSet<>();
  private final Set<DeadLetter.Origin> withLetter = new HashSet<>();
  private long records;

  /**
   * Adds a record of a lane.
   *
   * @param open whether it is not committed
   */
  void enter(ConsumerRecord<byte[], byte[]> record, boolean open) {
    records++;
    if (RenderRecord.read(record.value()) instanceof Validated.Valid<RenderRecord>(var job)) {
      boolean direct = record.headers().lastHeader(Topics.HEADER_DIRECT) != null;
      Instant at = Instant.ofEpochMilli(record.timestamp());
      jobs.put(job.id(), produced(job.id()).with(open, direct, at));
    } else if (!open) {
      foreign.add(new DeadLetter.Origin(record.topic(), record.partition(), record.offset()));
    }
  }

  /** Adds a record of the dead topic. */
  void enterLetter(ConsumerRecord<byte[], byte[]> record) {
    try {
      DeadLetter letter = DeadLetter.read(record.value());
      withLetter.add(letter.origin());
      letter.job().ifPresent(id -> jobs.put(id, produced(id).withLetter()));
    } catch (IOException noLetter) {
      // Not one of ours: it says nothing about a job.
    }
  }

  Produced produced(String id) {
    return jobs.getOrDefault(id, Produced.NOTHING);
  }

  Collection<String> ids() {
    return jobs.keySet();
  }

  /** All records on the lanes. */
  long records() {
    return records;
  }

  /** Records after a job's first: retries, handovers, duplicates. */
  long repeated() {
    return jobs.values().stream().mapToLong(job -> Math.max(0, job.records() - 1)).sum();
  }

  /** Records that name no job, were skipped, and have no dead letter. */
  Set<String> withoutLetter() {
    Set<String> places = new TreeSet<>();
    foreign.stream()
        .filter(origin -> !withLetter.contains(origin))
        .map(at -> "%s-%d@%d".formatted(at.topic(), at.partition(), at.offset()))
        .forEach(places::add);
    return places;
  }
}
