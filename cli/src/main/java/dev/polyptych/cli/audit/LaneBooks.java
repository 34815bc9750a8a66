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

/** What the lanes and the dead topic hold, job by job. */
final class LaneBooks {
  private final Map<String, Produced> jobs = new HashMap<>();
  private final Set<DeadLetter.Origin> foreign = new HashSet<>();
  private final Set<DeadLetter.Origin> buried = new HashSet<>();
  private long records;

  /**
   * Enters a record of a lane.
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

  /** Enters a record of the dead topic. */
  void enterLetter(ConsumerRecord<byte[], byte[]> record) {
    try {
      DeadLetter letter = DeadLetter.read(record.value());
      buried.add(letter.origin());
      letter.job().ifPresent(id -> jobs.put(id, produced(id).withLetter()));
    } catch (IOException noLetter) {
      // Whoever wrote it: it says nothing about a job.
    }
  }

  Produced produced(String id) {
    return jobs.getOrDefault(id, Produced.NOTHING);
  }

  Collection<String> ids() {
    return jobs.keySet();
  }

  /** Of the lanes, all that are kept. */
  long records() {
    return records;
  }

  /** Records beyond a job's first: further tries, handovers, doubles. */
  long repeated() {
    return jobs.values().stream().mapToLong(job -> Math.max(0, job.records() - 1)).sum();
  }

  /** Records that name no job, were passed over, and have no dead letter. */
  Set<String> unburied() {
    Set<String> places = new TreeSet<>();
    foreign.stream()
        .filter(origin -> !buried.contains(origin))
        .map(at -> "%s-%d@%d".formatted(at.topic(), at.partition(), at.offset()))
        .forEach(places::add);
    return places;
  }
}
