package dev.polyptych.dispatcher.events;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a job's event stream: id of a Redis stream entry, {@code <milliseconds>-<sequence>}.
 */
public record EventPosition(long milliseconds, long sequence) implements Comparable<EventPosition> {
  /** Before the first event. */
  public static final EventPosition START = new EventPosition(0, 0);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");
  private static final Comparator<EventPosition> ORDER =
      Comparator.comparingLong(EventPosition::milliseconds)
          .thenComparingLong(EventPosition::sequence);

  /** Empty if the text is not such an id. */
  public static Optional<EventPosition> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new EventPosition(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(EventPosition other) {
    return ORDER.compare(this, other);
  }

  /** The form that Redis and server-sent events use. */
  @Override
  public String toString() {
    return milliseconds + "-" + sequence;
  }
}
