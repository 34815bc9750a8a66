package dev.polyptych.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.topic.Topics;
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
 */
public record JobHeaders(int attempt, Optional<String> traceparent) {
  /** An attempt that is not there or not sensible counts as the first. */
  static JobHeaders of(Headers headers) {
    int attempt =
        text(headers, Topics.HEADER_ATTEMPT)
            .filter(text -> text.matches("\\d{1,4}"))
            .map(text -> Math.clamp(Integer.parseInt(text), 1, JobStore.MAX_ATTEMPTS))
            .orElse(1);
    return new JobHeaders(attempt, text(headers, Topics.HEADER_TRACEPARENT));
  }

  /** Of the record that is produced for the next try. */
  public JobHeaders next() {
    return new JobHeaders(attempt + 1, traceparent);
  }

  public List<Header> kafka(String tenant) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(Topics.HEADER_ATTEMPT, Integer.toString(attempt)));
    headers.add(header(Topics.HEADER_TENANT, tenant));
    traceparent.ifPresent(trace -> headers.add(header(Topics.HEADER_TRACEPARENT, trace)));
    return headers;
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
