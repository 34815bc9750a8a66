package dev.polyptych.dispatcher.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out whether a process can listen on its ports before it starts anything. */
public final class Ports {
  private Ports() {}

  /**
   * @param setting that names the port
   * @param port 0 for any free one
   * @throws IllegalStateException when the port can't be listened on, with the remedy
   */
  public static void check(String setting, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException refused) {
      throw new IllegalStateException(
          "can't listen on %s:%d (%s): end what does, or choose another port with --set %s=…"
              .formatted(host, port, refused.getMessage(), setting),
          refused);
    }
  }
}
