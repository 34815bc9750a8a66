package dev.polyptych.lab.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A proxy between clients and a server on the loopback interface that simulates a bad network. If
 * the server does not answer, it disconnects the client immediately. Safe for all threads.
 */
final class TcpProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int CONNECT_MILLIS = 2_000;

  /** The discard port, on which no process listens. */
  private static final int NOWHERE = 9;

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target = NOWHERE;
  private volatile Duration delay = Duration.ZERO;

  private TcpProxy(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on a free port. It disconnects clients until {@link #leadTo} is called. */
  static TcpProxy open() {
    try {
      TcpProxy proxy = new TcpProxy(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
      Thread.ofPlatform().daemon().name("proxy").start(proxy::accept);
      return proxy;
    } catch (IOException none) {
      throw new UncheckedIOException("the proxy finds no port", none);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  void leadTo(int port) {
    target = port;
  }

  /**
   * @param each delay of every chunk, in both directions
   */
  void slowDown(Duration each) {
    delay = each;
  }

  /** Resets all connections. New connections work. */
  void cut() {
    open.forEach(TcpProxy::reset);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException closedAnyhow) {
      throw new UncheckedIOException(closedAnyhow);
    } finally {
      cut();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().name("proxied").start(() -> connect(client));
      } catch (IOException closed) {
        // Either the listener is closed, or a client disconnected.
      }
    }
  }

  private void connect(Socket client) {
    try (client;
        Socket server = new Socket()) {
      try {
        server.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
        join(client, server);
      } catch (IOException away) {
        reset(client);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    } catch (IOException closedAlready) {
      // Nothing is left to close.
    }
  }

  private void join(Socket client, Socket server) throws IOException, InterruptedException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    open.add(client);
    open.add(server);
    try {
      Thread up = Thread.ofVirtual().name("up").start(() -> pump(client, server));
      pump(server, client);
      up.join();
    } finally {
      open.remove(client);
      open.remove(server);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        out.write(chunk, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException over) {
      reset(from);
      reset(to);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes with a reset, so that data in transit is lost. */
  private static void reset(Socket socket) {
    try (socket) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException closedAlready) {
      // Nothing is left to close.
    }
  }
}
