package dev.polyptych.cli.command;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a process up until it is told to end (SIGTERM, Ctrl-C) and closes it in good order then.
 */
final class UntilTerminated {
  private static final Logger LOG = LoggerFactory.getLogger(UntilTerminated.class);

  private UntilTerminated() {}

  static void run(AutoCloseable process) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(process), "shutdown"));
    new CountDownLatch(1).await();
  }

  private static void close(AutoCloseable process) {
    try {
      process.close();
    } catch (Exception failed) {
      LOG.warn("not everything could be closed in good order", failed);
    }
  }
}
