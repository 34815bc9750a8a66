package dev.polyptych.lab.drill;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int PATIENCE_MILLIS = 10_000;

  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.open();
    proxy.leadTo(server.getLocalPort());
    Thread.ofVirtual().start(this::echo);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void whatIsSaidComesBack() throws IOException {
    try (Socket client = connect()) {
      assertEquals("hello", said(client, "hello"));
    }
  }

  @Test
  void aDelayHoldsEveryChunkInBothDirections() throws IOException {
    try (Socket client = connect()) {
      proxy.slowDown(Duration.ofMillis(50));
      long begun = System.nanoTime();

      assertEquals("hello", said(client, "hello"));

      assertTrue(System.nanoTime() - begun >= Duration.ofMillis(100).toNanos());
    }
  }

  @Test
  void aCutEndsWhatIsOpenAndLetsNewOnesThrough() throws IOException {
    try (Socket before = connect()) {
      assertEquals("one", said(before, "one"));

      proxy.cut();

      assertThrows(IOException.class, () -> ended(before));
    }
    try (Socket after = connect()) {
      assertEquals("two", said(after, "two"));
    }
  }

  @Test
  void inSilenceNothingPassesAndNothingEndsAndAfterwardsAllThatWasSaidDoes() throws IOException {
    try (Socket client = connect()) {
      assertEquals("one", said(client, "one"));
      proxy.silence(true);
      client.setSoTimeout(200);
      client.getOutputStream().write("two".getBytes(US_ASCII));
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());

      proxy.silence(false);

      client.setSoTimeout(PATIENCE_MILLIS);
      assertEquals("two", new String(client.getInputStream().readNBytes(3), US_ASCII));
    }
  }

  @Test
  void aRefusalEndsWhatIsOpenAndLetsNobodyInUntilItListensAgain() throws Exception {
    try (Socket before = connect()) {
      assertEquals("one", said(before, "one"));

      proxy.refuse();

      assertThrows(IOException.class, () -> ended(before));
      assertThrows(ConnectException.class, this::connect);
    }
    proxy.listen();
    try (Socket after = connect()) {
      assertEquals("two", said(after, "two"));
    }
  }

  @Test
  void aServerThatIsAwayGivesItsClientsAReset() throws IOException {
    server.close();

    try (Socket client = connect()) {
      assertThrows(IOException.class, () -> ended(client));
    }
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(PATIENCE_MILLIS);
    return client;
  }

  private static String said(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(US_ASCII));
    return new String(client.getInputStream().readNBytes(text.length()), US_ASCII);
  }

  /** Fails at a reset, or because an orderly end is none. */
  private static void ended(Socket client) throws IOException {
    int read = client.getInputStream().read();
    assertEquals(-1, read, "the connection is open");
  }

  private void echo() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> echo(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException cut) {
      // That is tested.
    }
  }
}
