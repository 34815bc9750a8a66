package dev.polyptych.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class RedisServerTest {
  @Test
  void aBinaryThatIsStillOpenForWritingIsStartedOnceItIsClosed(@TempDir Path folder)
      throws IOException {
    Path binary =
        Files.copy(
            Path.of("/bin/true"), folder.resolve("binary"), StandardCopyOption.COPY_ATTRIBUTES);
    FileChannel writer = FileChannel.open(binary, StandardOpenOption.WRITE);
    AtomicInteger tries = new AtomicInteger();

    RedisServer.startUnlessBusy(
        () -> {
          try {
            tries.incrementAndGet();
            new ProcessBuilder(binary.toString()).start();
          } finally {
            writer.close();
          }
        });

    assertEquals(2, tries.get());
  }

  @Test
  void anotherFailureIsNotTriedAgain() {
    AtomicInteger tries = new AtomicInteger();

    assertThrows(
        IOException.class,
        () ->
            RedisServer.startUnlessBusy(
                () -> {
                  tries.incrementAndGet();
                  throw new IOException("no such file");
                }));

    assertEquals(1, tries.get());
  }

  @Test
  void itIsInAProcessGroupOfItsOwnSoThatCtrlCDoesNotReachIt() throws IOException {
    try (RedisServer redis = RedisServer.start();
        Jedis client = new Jedis(redis.uri())) {
      assertNotEquals(group(ProcessHandle.current().pid()), group(pid(client)));
    }
  }

  @Test
  void aRedisThatWasLeftOnAFolderIsEndedBeforeTheNextOneUsesIt(@TempDir Path folder) {
    RedisServer left = RedisServer.start(Optional.of(folder), FreePort.next());
    ProcessHandle process;
    try (Jedis client = new Jedis(left.uri())) {
      client.set("kept", "yes");
      process = ProcessHandle.of(pid(client)).orElseThrow();
    }

    try (RedisServer next = RedisServer.start(Optional.of(folder), FreePort.next());
        Jedis client = new Jedis(next.uri())) {
      assertFalse(process.isAlive());
      assertEquals("yes", client.get("kept"));
    } finally {
      left.close();
    }
  }

  private static long pid(Jedis client) {
    return client
        .info("server")
        .lines()
        .filter(line -> line.startsWith("process_id:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  private static String group(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(pid)).start();
    return new String(ps.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
