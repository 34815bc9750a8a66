package dev.polyptych.lab.bench.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/** A reader of a job's events. It keeps almost nothing between two events. Selector thread. */
final class StreamReader {
  private static final String HEAD = "HTTP/1.1 ";
  private static final String DATA = "data: ";
  private static final String STEP = "\"step\":";

  private final Runnable onOpen;
  private final IntConsumer onStep;
  private String begun = "";

  /**
   * @param onOpen runs when the dispatcher has answered 200
   * @param onStep takes the step of each event
   */
  StreamReader(Runnable onOpen, IntConsumer onStep) {
    this.onOpen = onOpen;
    this.onStep = onStep;
  }

  /**
   * @throws IllegalStateException if the dispatcher refuses
   */
  void received(ByteBuffer bytes) {
    String text = begun + ISO_8859_1.decode(bytes);
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      line(text.substring(from, end));
      from = end + 1;
    }
    begun = from == text.length() ? "" : text.substring(from);
  }

  private void line(String line) {
    if (line.startsWith(HEAD)) {
      if (!line.startsWith(HEAD + "200")) {
        throw new IllegalStateException("the dispatcher answered " + line.strip());
      }
      onOpen.run();
    } else if (line.startsWith(DATA)) {
      int from = line.indexOf(STEP) + STEP.length();
      int end = from;
      while (Character.isDigit(line.charAt(end))) {
        end++;
      }
      onStep.accept(Integer.parseInt(line.substring(from, end)));
    }
  }
}
