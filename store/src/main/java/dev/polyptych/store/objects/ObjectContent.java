package dev.polyptych.store.objects;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of an object to store. They need not be in memory.
 *
 * @param length in bytes
 * @param mediaType what a reader of a link is told
 * @param source opens the bytes; a retry opens them again
 */
public record ObjectContent(long length, String mediaType, Source source) {
  /** Opens bytes. The caller closes the stream. */
  public interface Source {
    InputStream open() throws IOException;
  }

  public static ObjectContent of(byte[] bytes, String mediaType) {
    return new ObjectContent(bytes.length, mediaType, () -> new ByteArrayInputStream(bytes));
  }

  /**
   * @param file must not change before it is stored
   */
  public static ObjectContent of(Path file, String mediaType) throws IOException {
    return new ObjectContent(Files.size(file), mediaType, () -> Files.newInputStream(file));
  }
}
