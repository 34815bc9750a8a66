package dev.polyptych.cli.command;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a process up until SIGTERM or Ctrl-C, then closes it in order. */
final class UntilTerminated {
  private static final Logger LOG = LoggerFactory.getLogger(UntilTerminated.class);

  private UntilTerminated() {}

  /**
   * @param telemetry closed after the process, because it sends the last spans
   * @param ended completes exceptionally when the process has failed; this method then throws, and
   *     a supervisor should restart the process
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
      LOG.warn("not everything could be closed", failed);
    }
  }
}
