package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What the headers of a job's record say.
 *
 * @param attempt number of this try, from 1; only tries that failed in good order are counted here,
 *     the job store counts the others too
 * @param traceparent W3C trace context, passed on as it is
 * @param notBefore when this try may begin
 * @param direct whether a backend produced it itself, so that there may be no job record yet
 */
public record JobHeaders(
    int attempt, Optional<String> traceparent, Optional<Instant> notBefore, boolean direct) {
  /** No job is held back for longer, whatever its header says. */
  public static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

  public JobHeaders(int attempt, Optional<String> traceparent) {
    this(attempt, traceparent, Optional.empty(), false);
  }

  /** An attempt that is not there or not sensible counts as the first. */
  static JobHeaders of(Headers headers, Instant now) {
    int attempt =
        text(headers, Topics.HEADER_ATTEMPT)
            .filter(text -> text.matches("\\d{1,4}"))
            .map(text -> Math.clamp(Integer.parseInt(text), 1, JobStore.MAX_ATTEMPTS))
            .orElse(1);
    return new JobHeaders(
        attempt,
        text(headers, Topics.HEADER_TRACEPARENT),
        notBefore(headers, now),
        text(headers, Topics.HEADER_DIRECT).filter("1"::equals).isPresent());
  }

  /** Of the record that is produced for the next try; by then the job has a record. */
  public JobHeaders next(Instant notBefore) {
    return new JobHeaders(attempt + 1, traceparent, Optional.of(notBefore), false);
  }

  public List<Header> kafka(String tenant) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(Topics.HEADER_ATTEMPT, Integer.toString(attempt)));
    headers.add(header(Topics.HEADER_TENANT, tenant));
    notBefore.ifPresent(
        at -> headers.add(header(Topics.HEADER_NOT_BEFORE, Long.toString(at.toEpochMilli()))));
    traceparent.ifPresent(trace -> headers.add(header(Topics.HEADER_TRACEPARENT, trace)));
    return headers;
  }

  /** A producer whose clock is ahead, or who jests, can't hold a place here for long. */
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
