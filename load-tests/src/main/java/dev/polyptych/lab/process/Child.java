package dev.polyptych.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours.
 *
 * @param log where it writes
 */
public record Child(Process process, Path log) {
  private static final int END_SECONDS = 15;

  /** Ends it as by {@code kill -9}, also where it stands still, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Asks it to end in good order, and sees that it does. */
  public void end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** It stands still until {@link #resume}; its connections stay open. */
  public void standStill() throws InterruptedException {
    signal("STOP");
  }

  public void resume() throws InterruptedException {
    signal("CONT");
  }

  public boolean alive() {
    return process.isAlive();
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " can't be killed");
    }
  }

  /** By the shell, which has it built in. */
  private void signal(String name) throws InterruptedException {
    try {
      String command = "kill -" + name + " " + process.pid();
      int status = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("'" + command + "' ended with status " + status);
      }
    } catch (IOException noShell) {
      throw new UncheckedIOException("signals need a POSIX shell (sh)", noShell);
    }
  }
}
