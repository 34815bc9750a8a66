package dev.polyptych.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. Servers that must say their port before they bind it need one, and
 * those that are started on it again.
 */
public final class FreePort {
  /**
   * Systems take the ports of outgoing connections from above this range (Linux from 32768), so
   * none of those takes a port between its choice and its use.
   */
  private static final int FIRST = 20_000;

  private static final int LAST = 32_000;
  private static final int TRIES = 100;

  private FreePort() {}

  public static int next() {
    for (int tries = 0; tries < TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (free(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port on the loopback interface from %d to %d".formatted(FIRST, LAST));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
