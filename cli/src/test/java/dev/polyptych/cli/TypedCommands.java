package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** Commands as a user types them to a cluster at work, and what they printed. */
public final class TypedCommands {
  private final EmbeddedCluster cluster;
  private final StringWriter out = new StringWriter();
  private final PrintWriter screen = new PrintWriter(out, true);
  private final StringWriter err = new StringWriter();

  public TypedCommands(EmbeddedCluster cluster) {
    this.cluster = cluster;
  }

  /** The exit status. */
  public int run(String... arguments) {
    String[] all =
        Stream.concat(
                Stream.of(arguments), Stream.of("--dispatcher", cluster.dispatcher().toString()))
            .toArray(String[]::new);
    return Polyptych.commandLine().setOut(screen).setErr(new PrintWriter(err, true)).execute(all);
  }

  /** Fails unless the exit status is 0. */
  public void ok(String... arguments) {
    assertEquals(0, run(arguments), err::toString);
  }

  /** What {@link #out} shows is written here. */
  public PrintWriter screen() {
    return screen;
  }

  /** Everything that was printed so far. */
  public String out() {
    return out.toString();
  }

  /** Everything that went to standard error so far. */
  public String err() {
    return err.toString();
  }
}
