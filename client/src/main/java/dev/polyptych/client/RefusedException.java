package dev.polyptych.client;

import java.io.IOException;

/** The dispatcher answered, with a problem; the message tells it for people. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
