package dev.polyptych.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One Redis process on the loopback interface, ended with this JVM at the latest. */
public final class RedisServer implements AutoCloseable {
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
              .setting("save \"\"")
              .setting("maxmemory-policy noeviction")
              .onShutdownForceStop(true);
      if (folder.isPresent()) {
        Files.createDirectories(folder.get());
        builder.setting("dir \"" + folder.get().toAbsolutePath() + "\"").setting("appendonly yes");
      }
      more.forEach(builder::setting);
      redis.embedded.RedisServer process = builder.build();
      process.start();
      return new RedisServer(port, process);
    } catch (IOException failed) {
      throw new UncheckedIOException("Redis can't be started on port " + port, failed);
    }
  }

  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
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
