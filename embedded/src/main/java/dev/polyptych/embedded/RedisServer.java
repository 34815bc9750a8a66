package dev.polyptych.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * One Redis process on the loopback interface. It is in a process group of its own, so that Ctrl-C
 * reaches the process that uses it and not Redis. It asks for a password, which stands in its
 * address: other users of this machine can't read or run anything.
 */
public final class RedisServer implements AutoCloseable {
  private static final int PASSWORD_BYTES = 32;
  private static final int MOST_TRIES = 20;
  private static final Duration END_WITHIN = Duration.ofSeconds(10);
  private static final String READY = "eady to accept connections";
  private static final String PID_FILE = "redis.pid";

  /**
   * One for all servers of this JVM, so that an address still holds after a restart on its port.
   */
  private static final String PASSWORD = newPassword();

  private final int port;
  private final Process process;
  private final Thread hook = new Thread(this::kill, "redis-end");

  private RedisServer(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** Starts on a free port and keeps nothing; see {@link #start(Optional, int)}. */
  public static RedisServer start() {
    return start(Optional.empty(), FreePort.next());
  }

  /**
   * Starts and returns when clients can connect. The process ends with this JVM at the latest.
   *
   * @param folder keeps the data (append-only file, {@code appendfsync everysec}); without one they
   *     end with the process
   */
  public static RedisServer start(Optional<Path> folder, int port) {
    return launch(folder, port).endingWithThisJvm();
  }

  /**
   * As {@link #start(Optional, int)}, but the caller closes it when this JVM ends: after everything
   * that writes to it.
   */
  public static RedisServer closedByCaller(Path folder, int port) {
    return launch(Optional.of(folder), port);
  }

  private static RedisServer launch(Optional<Path> folder, int port) {
    try {
      List<String> settings = new ArrayList<>();
      settings.add("port " + port);
      settings.add("bind 127.0.0.1");
      settings.add("requirepass " + PASSWORD);
      settings.add("save \"\"");
      settings.add("maxmemory-policy noeviction");
      if (folder.isPresent()) {
        Path data = Files.createDirectories(folder.get().toAbsolutePath());
        endOrphan(data.resolve(PID_FILE));
        settings.add("dir \"" + data + "\"");
        settings.add("pidfile \"" + data.resolve(PID_FILE) + "\"");
        settings.add("appendonly yes");
      }
      File program = ExecutableProvider.newJarResourceProvider().get();
      Process[] started = new Process[1];
      startUnlessBusy(() -> started[0] = launch(program, settings));
      return new RedisServer(port, started[0]);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "Redis can't be started on port %d: %s".formatted(port, failed.getMessage()), failed);
    }
  }

  /** Ends the Redis of a JVM that was killed: two must not write to one file. */
  private static void endOrphan(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    String pid = Files.readString(pidFile).strip();
    Optional<ProcessHandle> orphan =
        pid.matches("\\d{1,18}")
            ? ProcessHandle.of(Long.parseLong(pid)).filter(RedisServer::isRedis)
            : Optional.empty();
    try {
      if (orphan.isPresent() && orphan.get().destroy()) {
        orphan.get().onExit().get(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException stays) {
      throw new IOException("an earlier one (process " + pid + ") does not end; end it", stays);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopping);
    }
  }

  private static boolean isRedis(ProcessHandle process) {
    return process.info().command().filter(command -> command.contains("redis-server")).isPresent();
  }

  /** The settings go to its standard input. It says on its output when it is ready, or why not. */
  private static Process launch(File program, List<String> settings) throws IOException {
    List<String> line = new ArrayList<>(ownGroup());
    line.addAll(List.of(program.toString(), "-"));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    StringBuilder said = new StringBuilder();
    BufferedReader output = process.inputReader(UTF_8);
    // If it has ended, this is lost, and its output says why.
    try (PrintWriter input = new PrintWriter(process.outputWriter(UTF_8))) {
      settings.forEach(input::println);
    }
    for (String text = output.readLine(); text != null; text = output.readLine()) {
      if (text.contains(READY)) {
        Thread.ofPlatform().daemon().name("redis-output").start(() -> discard(output));
        return process;
      }
      said.append(text).append('\n');
    }
    process.destroyForcibly();
    throw new IOException(said.toString().strip());
  }

  private static void discard(BufferedReader output) {
    try {
      output.transferTo(Writer.nullWriter());
    } catch (IOException ended) {
      // Redis has ended, and its output with it.
    }
  }

  /** Runs the command that follows in a process group of its own. Nothing where there is no way. */
  private static List<String> ownGroup() {
    if (onPath("setsid")) {
      return List.of("setsid");
    }
    return onPath("perl") ? List.of("perl", "-e", "setpgrp(0, 0); exec @ARGV") : List.of();
  }

  private static boolean onPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(folder -> new File(folder, program).canExecute());
  }

  /** Starts a process. */
  interface Start {
    void run() throws IOException;
  }

  /**
   * The Redis binary is written to a temporary file just before it is started. If another thread of
   * this JVM starts a process at that time, that process holds the file open for an instant, and
   * Linux refuses to run it ("Text file busy"). So this tries again for up to a second.
   */
  static void startUnlessBusy(Start start) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        start.run();
        return;
      } catch (IOException failed) {
        if (tries == MOST_TRIES || !busy(failed)) {
          throw failed;
        }
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() / MOST_TRIES);
      }
    }
  }

  private static boolean busy(Throwable failed) {
    return failed != null
        && (String.valueOf(failed.getMessage()).contains("Text file busy")
            || busy(failed.getCause()));
  }

  private RedisServer endingWithThisJvm() {
    Runtime.getRuntime().addShutdownHook(hook);
    return this;
  }

  /** With the password; it is the same for every start on this port in this JVM. */
  public URI uri() {
    return address(port);
  }

  /** The address of a server on a port, started already or not. */
  public static URI address(int port) {
    return URI.create("redis://default:" + PASSWORD + "@127.0.0.1:" + port);
  }

  private static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Ends it as {@code kill -9} does. What it was still to write to its file is lost. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends it in good order: what was written to it is in its file. */
  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException stopping) {
      kill();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException ending) {
      // The JVM ends. Its hook finds that Redis has ended.
    }
  }
}
