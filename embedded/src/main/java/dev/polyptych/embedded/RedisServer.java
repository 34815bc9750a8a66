package dev.polyptych.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One Redis process on the loopback interface, ended with this JVM at the latest. It asks for a
 * password, which stands in its address: other users of this machine can't read or run anything.
 */
public final class RedisServer implements AutoCloseable {
  private static final int PASSWORD_BYTES = 32;
  private static final int MOST_TRIES = 20;

  /**
   * One for all servers of this JVM, so that an address still holds after a restart on its port.
   */
  private static final String PASSWORD = newPassword();

  private final int port;
  private final redis.embedded.RedisServer process;

  private RedisServer(int port, redis.embedded.RedisServer process) {
    this.port = port;
    this.process = process;
  }

  /** Starts on a free port and keeps nothing; see {@link #start(Optional, int)}. */
  public static RedisServer start() {
    return start(Optional.empty(), FreePort.next());
  }

  /**
   * Starts and returns when clients can connect.
   *
   * @param folder keeps the data (append-only file); without one they end with the process
   */
  public static RedisServer start(Optional<Path> folder, int port) {
    return start(folder, port, List.of());
  }

  /**
   * As {@link #start(Optional, int)}; and every write is on the disk before it is answered, so that
   * whatever ends Redis loses none that was.
   */
  public static RedisServer lossless(Path folder, int port) {
    return start(Optional.of(folder), port, List.of("appendfsync always"));
  }

  private static RedisServer start(Optional<Path> folder, int port, List<String> more) {
    try {
      var builder =
          redis.embedded.RedisServer.newRedisServer()
              .port(port)
              .bind("127.0.0.1")
              .setting("requirepass " + PASSWORD)
              .setting("save \"\"")
              .setting("maxmemory-policy noeviction")
              .onShutdownForceStop(true);
      if (folder.isPresent()) {
        Files.createDirectories(folder.get());
        builder.setting("dir \"" + folder.get().toAbsolutePath() + "\"").setting("appendonly yes");
      }
      more.forEach(builder::setting);
      redis.embedded.RedisServer process = builder.build();
      startUnlessBusy(process::start);
      return new RedisServer(port, process);
    } catch (IOException failed) {
      throw new UncheckedIOException("Redis can't be started on port " + port, failed);
    }
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

  @Override
  public void close() {
    try {
      process.stop();
    } catch (IOException failed) {
      throw new UncheckedIOException("Redis on port " + port + " can't be stopped", failed);
    }
  }
}
