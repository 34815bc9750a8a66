package dev.polyptych.lab.drill;

import dev.polyptych.embedded.FreePort;
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
  private static final long LOOK_MILLIS = 20;

  /** The discard port, on which no process listens. */
  private static final int NOWHERE = 9;

  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile ServerSocket listener;
  private volatile Thread acceptor;
  private volatile int target = NOWHERE;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean silent;

  private TcpProxy(int port) {
    this.port = port;
    listen();
  }

  /** Listens on a free port. It disconnects clients until {@link #leadTo} is called. */
  static TcpProxy open() {
    return new TcpProxy(FreePort.next());
  }

  int port() {
    return port;
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

  /**
   * Whether nothing passes any more, while connections stay open and new ones are accepted: a
   * network that drops every packet. What was said meanwhile passes afterwards.
   */
  void silence(boolean silence) {
    silent = silence;
  }

  /** Resets all connections and refuses new ones until {@link #listen}. */
  void refuse() throws InterruptedException {
    close();
    // The port is free only when nobody waits for a connection there.
    acceptor.join();
  }

  /** Accepts connections on its port. */
  void listen() {
    try {
      ServerSocket listening = new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
      listener = listening;
      acceptor = Thread.ofPlatform().daemon().name("proxy").start(() -> accept(listening));
    } catch (IOException taken) {
      throw new UncheckedIOException("the proxy can't listen on port " + port, taken);
    }
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

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
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
        while (silent && !from.isClosed()) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
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
