package dev.polyptych.dispatcher.http;

/** A body went over the limit; carries its beginning. */
final class OversizedBodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient byte[] beginning;

  OversizedBodyException(byte[] beginning) {
    super("the body has more than " + beginning.length + " bytes");
    this.beginning = beginning;
  }

  /** As many bytes as the limit allows. */
  byte[] beginning() {
    return beginning;
  }
}
