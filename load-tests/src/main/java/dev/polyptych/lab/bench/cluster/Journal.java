package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Instant;

/** The worker's end of the connection on which it tells the bench. Safe for all threads. */
final class Journal implements AutoCloseable {
  private final Socket socket;
  private final PrintWriter lines;

  Journal(int port, String worker) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      lines = new PrintWriter(socket.getOutputStream(), true, UTF_8);
    } catch (IOException gone) {
      throw new UncheckedIOException("the bench does not listen on port " + port, gone);
    }
    tell(new Notice.Hello(worker));
  }

  void tell(Notice notice) {
    lines.println(notice.line());
  }

  /** Seconds of the epoch: the one clock that all processes of a machine share. */
  static double now() {
    Instant now = Clock.systemUTC().instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
