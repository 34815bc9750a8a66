package dev.polyptych.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
