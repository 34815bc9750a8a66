package dev.polyptych.lab.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The child processes of a run. They end when this is closed or this process ends. */
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
   * @param environment variables in addition to this process's own
   */
  public synchronized Child start(
      String name, List<String> command, Map<String, String> environment) {
    if (closed) {
      throw new IllegalStateException("the run is ending; no more processes are started");
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
      // The JVM is shutting down. The hook finds no processes.
    }
  }

  /**
   * A child process.
   *
   * @param log file with its output
   */
  public record Child(Process process, Path log) {
    private static final int END_SECONDS = 15;

    /** Kills it as {@code kill -9} does, even while it is stopped, and waits for its end. */
    public void kill() throws InterruptedException {
      process.destroyForcibly();
      awaitEnd();
    }

    /** Asks it to end, and kills it if it does not. */
    public void end() throws InterruptedException {
      process.destroy();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    }

    /** Stops it (SIGSTOP) until {@link #resume}. Its connections stay open. */
    public void suspend() throws InterruptedException {
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

    /** Uses the shell, which has {@code kill} built in. */
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
   * @param id of the worker in the cluster, or "dispatcher"
   */
  public record Member(String id, int managementPort, Child child) {}
}
