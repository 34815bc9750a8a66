package dev.polyptych.cli.command;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a process up until it is told to end (SIGTERM, Ctrl-C) and closes it in good order then.
 */
final class UntilTerminated {
  private static final Logger LOG = LoggerFactory.getLogger(UntilTerminated.class);

  private UntilTerminated() {}

  /**
   * @param telemetry closed after the process, whose last spans it sends
   * @param ended completes exceptionally when the process can't go on, which ends this with the
   *     cause: whoever supervises it should start it anew
   */
  static void run(AutoCloseable process, Telemetry telemetry, CompletableFuture<Void> ended) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  close(process);
                  close(telemetry);
                },
                "shutdown"));
    ended.join();
  }

  private static void close(AutoCloseable process) {
    try {
      process.close();
    } catch (Exception failed) {
      LOG.warn("not everything could be closed in good order", failed);
    }
  }
}
