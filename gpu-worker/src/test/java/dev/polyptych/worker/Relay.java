package dev.polyptych.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP relay that refuses connections, or takes them and stays silent, while it is stopped. */
final class Relay implements AutoCloseable {
  private enum Mode {
    OPEN,
    REFUSING,
    SILENT
  }

  private final URI target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.OPEN;

  private Relay(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static Relay to(URI target) throws IOException {
    Relay relay = new Relay(target);
    Thread.ofVirtual().name("relay").start(relay::accept);
    return relay;
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * Ends all connections, or lets nothing more through.
   *
   * @param silent open connections stay, and new ones are taken
   */
  void stop(boolean silent) {
    mode = silent ? Mode.SILENT : Mode.REFUSING;
    if (!silent) {
      closeAll();
    }
  }

  void goOn() {
    mode = Mode.OPEN;
    closeAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        switch (mode) {
          case OPEN -> connect(client);
          case REFUSING -> client.close();
          case SILENT -> {
            // Nobody reads it.
          }
        }
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void connect(Socket client) throws IOException {
    Socket backend = new Socket(target.getHost(), target.getPort());
    sockets.add(backend);
    Thread.ofVirtual().start(() -> copy(client, backend));
    Thread.ofVirtual().start(() -> copy(backend, client));
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (mode == Mode.OPEN) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException closed) {
      // The other end is closed, too.
    }
  }

  private void closeAll() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeAll();
  }
}
