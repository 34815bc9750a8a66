package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request ends where a proxy in front sees its end, or it is refused. */
class RequestFramingIT {
  private static final String CHUNKED =
      """
      POST /v1/jobs HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Transfer-Encoding: chunked\r
      \r
      """;

  /** The end of a chunk and of its request, then a request that is answered 200. */
  private static final String ANOTHER_REQUEST =
      """
      \r
      X\r
      0\r
      \r
      GET /v1/tasks HTTP/1.1\r
      Host: localhost\r
      Connection: close\r
      \r
      """;

  private static RunningDispatcher running;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void twoRequestsOnAConnectionAreTwoAnswers() throws IOException {
    String answers = answers(CHUNKED + "1;extension=plain" + ANOTHER_REQUEST);

    assertEquals(2, count(answers), answers);
    assertTrue(answers.contains("HTTP/1.1 200"), answers);
  }

  @Test
  void aLineEndInAQuotedChunkExtensionSplitsNoRequest() throws IOException {
    String answers = answers(CHUNKED + "1;extension=\"" + ANOTHER_REQUEST + "\"\r\nX\r\n0\r\n\r\n");

    assertFalse(answers.contains("HTTP/1.1 200"), answers);
    assertTrue(count(answers) <= 1, answers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
  void aLengthBesideATransferEncodingIsRefused(String version) throws IOException {
    String request =
        """
        POST /v1/jobs %s\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: 6\r
        Transfer-Encoding: chunked\r
        \r
        0\r
        \r
        GET /v1/tasks HTTP/1.1\r
        Host: localhost\r
        Connection: close\r
        \r
        """
            .formatted(version);

    String answers = answers(request);

    assertEquals(1, count(answers), answers);
    assertTrue(answers.matches("(?s)HTTP/1\\.[01] 400 .*"), answers);
  }

  /** Everything that comes until the dispatcher closes the connection. */
  private static String answers(String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), running.dispatcher().port())) {
      socket.setSoTimeout((int) ApiCaller.DEADLINE.toMillis());
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static long count(String answers) {
    return Pattern.compile("HTTP/1\\.[01] \\d").matcher(answers).results().count();
  }
}
