package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.Target;
import java.util.Map;

/** Posts to a target. This interface keeps the HTTP client out of the classes that decide. */
interface Poster {
  /** Blocks for a fixed time at most. */
  PostOutcome post(Target target, Map<String, String> headers, byte[] body)
      throws InterruptedException;
}
