package dev.polyptych.store.objects;

import java.io.IOException;
import java.io.InputStream;

/**
 * An object that is being read.
 *
 * @param length in bytes
 * @param bytes the stream; it throws {@link IOException} when the store breaks off
 * @param ending ends the connection, also if bytes are left
 */
public record StoredObject(long length, InputStream bytes, Ending ending) implements AutoCloseable {
  /** Ends a connection. */
  public interface Ending {
    void run() throws IOException;
  }

  @Override
  public void close() throws IOException {
    ending.run();
  }
}
