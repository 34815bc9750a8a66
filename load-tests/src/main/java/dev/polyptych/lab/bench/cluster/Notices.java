package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives the notices of all workers. Each worker's connection has its own thread. */
final class Notices implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final ServerSocket server;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Called on the thread of the worker's connection, for one notice after the other. */
  interface Listener {
    void received(String worker, Notice notice);
  }

  Notices() throws IOException {
    this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("notices").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  void forget(Listener listener) {
    listeners.remove(listener);
  }

  private void accept() {
    try {
      while (true) {
        Socket worker = server.accept();
        Thread.ofVirtual().name("notice").start(() -> hear(worker));
      }
    } catch (IOException closed) {
      // The bench has ended.
    }
  }

  private void hear(Socket socket) {
    try (socket;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      String worker = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Notice notice = Notice.of(line);
        if (notice instanceof Notice.Hello(String id)) {
          worker = id;
        }
        for (Listener listener : listeners) {
          listener.received(worker, notice);
        }
      }
    } catch (IOException killed) {
      // The worker was killed.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** Sends a worker's notices to the bench. Safe for all threads. */
  static final class NoticeSender implements AutoCloseable {
    private final Socket socket;
    private final PrintWriter lines;

    NoticeSender(int port, String worker) {
      try {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        lines = new PrintWriter(socket.getOutputStream(), true, UTF_8);
      } catch (IOException gone) {
        throw new UncheckedIOException("the bench does not listen on port " + port, gone);
      }
      send(new Notice.Hello(worker));
    }

    void send(Notice notice) {
      lines.println(notice.line());
    }

    /** Epoch seconds. All processes of a machine share this clock. */
    static double now() {
      Instant now = Clock.systemUTC().instant();
      return now.getEpochSecond() + now.getNano() / 1e9;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
