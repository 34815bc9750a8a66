package dev.polyptych.lab.drill.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes files that hold the same adapter in other bytes: a safetensors header may end in blanks,
 * here eight more each time. One thread at a time.
 */
final class AdapterVariants {
  private static final int LENGTH_BYTES = Long.BYTES;

  private final byte[] adapter;
  private final Path folder;
  private int made;

  /**
   * @param adapter a safetensors file
   * @param folder for the files
   */
  AdapterVariants(Path adapter, Path folder) throws IOException {
    this.adapter = Files.readAllBytes(adapter);
    this.folder = Files.createDirectories(folder);
  }

  Path next() throws IOException {
    ByteBuffer before = ByteBuffer.wrap(adapter).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(before.getLong());
    byte[] blanks = new byte[LENGTH_BYTES * ++made];
    Arrays.fill(blanks, (byte) ' ');
    ByteBuffer after =
        ByteBuffer.allocate(adapter.length + blanks.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header + blanks.length)
            .put(adapter, LENGTH_BYTES, header)
            .put(blanks)
            .put(adapter, LENGTH_BYTES + header, adapter.length - LENGTH_BYTES - header);
    return Files.write(folder.resolve("variant-" + made + ".safetensors"), after.array());
  }
}
