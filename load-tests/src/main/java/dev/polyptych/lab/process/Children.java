package dev.polyptych.lab.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.lab.process.Children.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes that a run starts. None outlives this, nor this process. */
public final class Children implements AutoCloseable {
  private final Path logs;
  private final Thread hook = new Thread(this::killAll, "children");

  @GuardedBy("this")
  private final Set<Process> started = new HashSet<>();

  @GuardedBy("this")
  private boolean closed;

  public Children(Path logs) {
    this.logs = logs;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * @param name of its log
   * @param environment added to this process's own
   */
  public synchronized Child start(
      String name, List<String> command, Map<String, String> environment) {
    if (closed) {
      throw new IllegalStateException("no more processes are started: the run ends");
    }
    try {
      Files.createDirectories(logs);
      Path log = logs.resolve(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      started.removeIf(one -> !one.isAlive());
      started.add(process);
      return new Child(process, log);
    } catch (IOException failed) {
      throw new UncheckedIOException(name + " can't be started", failed);
    }
  }

  private synchronized void killAll() {
    closed = true;
    started.forEach(Process::destroyForcibly);
  }

  @Override
  public void close() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // The hook runs, and finds nobody.
    }
  }

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

  /**
   * A dispatcher or worker.
   *
   * @param id of the worker in the cluster; the dispatcher's is its name only
   */
  public record Member(String id, int managementPort, Child child) {}
}
