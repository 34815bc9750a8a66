package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.job.RecordVersion;
import dev.polyptych.schema.topic.RecordHeaders;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What the headers of a job's record say.
 *
 * @param attempt number of this try, from 1. Counts only tries that failed and were produced again;
 *     the job store counts the others too
 * @param traceparent W3C trace context, passed on as it is
 * @param notBefore when this try may begin
 * @param hops how often the job was handed over
 * @param base id of the model that the job was accepted for; empty in a record of a foreign
 *     producer
 * @param passes how often a worker passed the job on because it can't draw it
 * @param edition how often a lost record of the job was replaced
 */
public record JobHeaders(
    int attempt,
    Optional<String> traceparent,
    Optional<Instant> notBefore,
    int hops,
    Optional<String> base,
    int passes,
    int edition) {
  /** Upper bound of a job's wait between tries, whatever its header says. */
  public static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

  public JobHeaders(int attempt, Optional<String> traceparent) {
    this(attempt, traceparent, Optional.empty(), 0, Optional.empty(), 0, 0);
  }

  /**
   * A missing or invalid attempt counts as the first, missing or invalid hops as none. A number
   * above the maximum counts as the maximum, so that such a job is not moved again.
   */
  static JobHeaders of(Headers headers, Instant now) {
    Function<String, Optional<String>> header = name -> text(headers, name);
    return new JobHeaders(
        RecordHeaders.number(header, Topics.HEADER_ATTEMPT, 1, JobStore.MAX_ATTEMPTS),
        text(headers, Topics.HEADER_TRACEPARENT),
        notBefore(headers, now),
        RecordHeaders.number(header, Topics.HEADER_HOPS, 0, Topics.MAX_HOPS),
        text(headers, Topics.HEADER_BASE).filter(base -> !base.isBlank()),
        RecordHeaders.number(header, Topics.HEADER_PASSES, 0, Topics.MAX_PASSES),
        RecordHeaders.number(header, Topics.HEADER_EDITION, 0, RecordVersion.MOST_EDITIONS));
  }

  /** Headers of the record that is produced for the next try. By then the job has a record. */
  public JobHeaders next(Instant notBefore) {
    return new JobHeaders(
        attempt + 1, traceparent, Optional.of(notBefore), hops, base, passes, edition);
  }

  /** Headers of the record that is produced when the job is handed over. */
  public JobHeaders handedOver() {
    return new JobHeaders(attempt, traceparent, notBefore, hops + 1, base, passes, edition);
  }

  /**
   * Headers of the record that is produced when this worker can't draw the job. A hop more makes
   * the record here void. Without hops left, both records count until one is claimed.
   */
  public JobHeaders passedOn() {
    int next = Math.min(hops + 1, Topics.MAX_HOPS);
    return new JobHeaders(attempt, traceparent, notBefore, next, base, passes + 1, edition);
  }

  /** Which of the job's records has these headers. */
  public RecordVersion version() {
    return new RecordVersion(edition, attempt, hops);
  }

  public List<Header> kafka(String tenant) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(Topics.HEADER_ATTEMPT, Integer.toString(attempt)));
    headers.add(header(Topics.HEADER_TENANT, tenant));
    notBefore.ifPresent(
        at -> headers.add(header(Topics.HEADER_NOT_BEFORE, Long.toString(at.toEpochMilli()))));
    if (hops > 0) {
      headers.add(header(Topics.HEADER_HOPS, Integer.toString(hops)));
    }
    base.ifPresent(id -> headers.add(header(Topics.HEADER_BASE, id)));
    if (passes > 0) {
      headers.add(header(Topics.HEADER_PASSES, Integer.toString(passes)));
    }
    if (edition > 0) {
      headers.add(header(Topics.HEADER_EDITION, Integer.toString(edition)));
    }
    traceparent.ifPresent(trace -> headers.add(header(Topics.HEADER_TRACEPARENT, trace)));
    return headers;
  }

  /** Limited, so that a wrong clock or a wrong value can't occupy room here for long. */
  private static Optional<Instant> notBefore(Headers headers, Instant now) {
    Instant latest = now.plus(LONGEST_DELAY);
    return text(headers, Topics.HEADER_NOT_BEFORE)
        .filter(text -> text.matches("\\d{1,15}"))
        .map(text -> Instant.ofEpochMilli(Long.parseLong(text)))
        .map(at -> at.isAfter(latest) ? latest : at);
  }

  private static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }

  private static Header header(String name, String text) {
    return new RecordHeader(name, text.getBytes(UTF_8));
  }
}
