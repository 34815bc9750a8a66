package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The bench's end: hears what workers tell, each on a thread of its own, until they are gone. */
final class Notices implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final ServerSocket server;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Called on the thread of the worker's connection, one notice of a worker after the other. */
  interface Listener {
    void told(String worker, Notice notice);
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
      // The bench is over.
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
          listener.told(worker, notice);
        }
      }
    } catch (IOException killed) {
      // A worker that is killed says no more.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
