package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipPartsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 100_000})
  void whateverTheChunksTheBytesAreThoseThatWerePacked(int chunk) throws IOException {
    byte[] bytes = new byte[50_000];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 10_000, 30_000, (byte) 'x');

    assertArrayEquals(bytes, unpacked(packed(bytes), chunk));
  }

  @Test
  void severalStreamsAreOne() throws IOException {
    byte[] two = joined(packed("one\n".getBytes(UTF_8)), packed("two\n".getBytes(UTF_8)));

    assertEquals("one\ntwo\n", new String(unpacked(two, 5), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1_000})
  void aHeaderMayHoldAnythingThatTheFormatAllows(int chunk) throws IOException {
    byte[] plain = packed("line\n".getBytes(UTF_8));
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 | 4 | 8 | 16;
    byte[] extra = {3, 0, 'a', 0, 'b'};
    byte[] texts = "batch.jsonl\0a comment\0".getBytes(UTF_8);
    byte[] checksum = {1, 2};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);

    assertEquals(
        "line\n", new String(unpacked(joined(head, extra, texts, checksum, rest), chunk), UTF_8));
  }

  @Test
  void anEmptyStreamIsEmpty() throws IOException {
    assertEquals(0, unpacked(packed(new byte[0]), 4).length);
  }

  @Test
  void aStreamThatEndsTooEarlyIsRefusedWhereverItEnds() throws IOException {
    byte[] whole = packed("some lines of text\n".getBytes(UTF_8));

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(ZipException.class, () -> unpacked(cut, 1_000), "cut at " + length);
    }
  }

  /** Some bits before the trailer mean nothing. */
  @Test
  void aDamagedByteChangesNothingUnnoticed() throws IOException {
    byte[] bytes = "some lines of text, some lines of text\n".getBytes(UTF_8);
    byte[] whole = packed(bytes);

    for (int at = 10; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Optional<byte[]> read = ifReadable(damaged);
      assertTrue(read.isEmpty() || Arrays.equals(bytes, read.get()), "damaged at " + at);
      assertTrue(read.isEmpty() || at < whole.length - 8, "damaged at " + at);
    }
  }

  private static Optional<byte[]> ifReadable(byte[] packed) throws IOException {
    try {
      return Optional.of(unpacked(packed, 1_000));
    } catch (ZipException refused) {
      return Optional.empty();
    }
  }

  @Test
  void whatIsNoGzipIsRefused() {
    ZipException refused =
        assertThrows(
            ZipException.class, () -> unpacked("{\"task\": \"a\"}".getBytes(UTF_8), 1_000));

    assertTrue(refused.getMessage().contains("no gzip header"), refused::getMessage);
  }

  @Test
  void aHeaderWithoutEndIsRefused() throws IOException {
    byte[] head = Arrays.copyOf(packed(new byte[0]), 10);
    head[3] = 8;
    byte[] name = new byte[200_000];
    Arrays.fill(name, (byte) 'a');

    assertThrows(ZipException.class, () -> unpacked(joined(head, name), 8_192));
  }

  private static byte[] unpacked(byte[] packed, int chunk) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[16];
    try (GzipParts parts = new GzipParts()) {
      for (int from = 0; from < packed.length; from += chunk) {
        parts.feed(Arrays.copyOfRange(packed, from, Math.min(packed.length, from + chunk)));
        for (int count = parts.read(part); count > 0; count = parts.read(part)) {
          out.write(part, 0, count);
        }
      }
      parts.end();
    }
    return out.toByteArray();
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
