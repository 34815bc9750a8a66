package dev.polyptych.cli.command;

/**
 * A part of an installation beside {@code lib}, which every installation has. A service's
 * installation holds the parts that it runs and no others.
 */
public enum Part {
  /** {@code lib/worker}: engine, training, worker, PyTorch. */
  WORKER("dev/polyptych/worker/Worker.class", "the worker and its engine (lib/worker)"),
  /** {@code lib/embedded}: a broker and a Redis in this JVM; it comes with the worker only. */
  EMBEDDED(
      "dev/polyptych/embedded/KafkaBroker.class", "the embedded broker and Redis (lib/embedded)");

  private final String landmark;
  private final String contents;

  Part(String landmark, String contents) {
    this.landmark = landmark;
    this.contents = contents;
  }

  public boolean installed() {
    return Part.class.getClassLoader().getResource(landmark) != null;
  }

  /** Two sentences: this installation lacks the part, and these have it. */
  public String missing() {
    return "This installation lacks %s. %s, the full distribution and a checkout have it."
        .formatted(
            contents, this == WORKER ? "The images worker and all-in-one" : "The image all-in-one");
  }
}
