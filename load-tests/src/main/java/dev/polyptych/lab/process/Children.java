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
}
