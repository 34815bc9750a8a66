package dev.polyptych.store;

import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.StreamEntryID;

/** The fields of an event on Redis, as {@code prelude.lua} writes them. */
final class EventFields {
  private EventFields() {}

  static JobEvent event(String job, String eventId, Map<String, String> fields) {
    return new JobEvent(
        1,
        eventId,
        job,
        JobState.of(fields.get("state")),
        Instant.ofEpochMilli(Long.parseLong(fields.get("at"))),
        Integer.parseInt(fields.get("attempt")),
        Integer.parseInt(fields.get("step")),
        Integer.parseInt(fields.get("steps")),
        Optional.of(fields.get("worker")).filter(worker -> !worker.isEmpty()),
        JobHash.error(fields),
        Optional.ofNullable(fields.get("preview")));
  }

  /**
   * The smallest id after {@code eventId}. So XRANGE needs no exclusive bound {@code (}, and the
   * client need not support it.
   */
  static StreamEntryID after(String eventId) {
    StreamEntryID seen = new StreamEntryID(eventId);
    return new StreamEntryID(seen.getTime(), seen.getSequence() + 1);
  }
}
