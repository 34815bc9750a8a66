package dev.polyptych.dispatcher.callback;

import java.util.Map;

/** Posts to a target; declared here so that what decides knows no HTTP client. */
interface Poster {
  /** Blocks, but not for longer than a fixed time. */
  PostOutcome post(Target target, Map<String, String> headers, byte[] body)
      throws InterruptedException;
}
