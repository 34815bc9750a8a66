package dev.polyptych.dispatcher.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A temporary file that takes bytes up to a limit and until a time, and computes their digest on
 * the way. One thread uses it.
 */
final class ArrivingFile implements AutoCloseable {
  private static final int HEAD = 512;
  private static final String POINTER = "version https://git-lfs.github.com/spec/";

  private final long mostBytes;
  private final Duration timeout;
  private final long end;
  private final MessageDigest digest;
  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD);
  private long bytes;
  private boolean kept;

  ArrivingFile(Path folder, long mostBytes, Duration timeout) throws IOException {
    this.mostBytes = mostBytes;
    this.timeout = timeout;
    this.end = System.nanoTime() + timeout.toNanos();
    this.digest = sha256();
    this.path = Files.createTempFile(folder, "adapter", ".safetensors");
    this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
  }

  /**
   * Refuses a length before its bytes come.
   *
   * @throws SourceException if it is above the limit
   */
  void expect(long length) throws SourceException {
    if (length > mostBytes) {
      throw SourceException.refused(
          "has %d bytes, and at most %d are taken; have the operator raise the limit, or give a smaller file"
              .formatted(length, mostBytes));
    }
  }

  /**
   * Appends bytes.
   *
   * @throws SourceException past the limit or the time
   */
  void take(ByteBuffer part) throws SourceException {
    bytes += part.remaining();
    expect(bytes);
    remaining();
    digest.update(part.duplicate());
    ByteBuffer start = part.slice(part.position(), Math.min(part.remaining(), head.remaining()));
    head.put(start);
    try {
      while (part.hasRemaining()) {
        channel.write(part);
      }
    } catch (IOException full) {
      throw SourceException.passing("can't be stored now: this server's disk takes no more bytes");
    }
  }

  /**
   * The time that is left.
   *
   * @throws SourceException if none is
   */
  Duration remaining() throws SourceException {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (!left.isPositive()) {
      throw SourceException.passing(
          "did not come within %d s (%d bytes did); try again, or give a faster source"
              .formatted(timeout.toSeconds(), bytes));
    }
    return left;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Ends the file.
   *
   * @param wanted the digest that it must have; empty for any
   * @throws SourceException if it has another, or its bytes are no file of weights
   */
  Fetched.File finished(Optional<String> wanted) throws SourceException {
    String start =
        new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1).stripLeading();
    String lower = start.toLowerCase(Locale.ROOT);
    if (bytes == 0) {
      throw SourceException.refused("is empty; give the address of the file itself");
    }
    if (start.startsWith(POINTER)) {
      throw SourceException.refused(
          "is a git-lfs pointer, not the file that it stands for; give the address that downloads the file (on the Hub: /resolve/ in place of /raw/)");
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      throw webPage();
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (wanted.filter(other -> !other.equals(sha256)).isPresent()) {
      throw SourceException.refused(
          "has the digest %s, not %s; correct sha256, or give a source of those bytes"
              .formatted(sha256, wanted.get()));
    }
    kept = true;
    return new Fetched.File(path, sha256, bytes);
  }

  static SourceException webPage() {
    return SourceException.refused(
        "is a web page, not a file; give the address that downloads the file (on the Hub: /resolve/ in place of /blob/)");
  }

  /** Deletes the file, unless it was finished. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!kept) {
      Files.deleteIfExists(path);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
