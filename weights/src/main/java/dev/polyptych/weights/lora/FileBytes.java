package dev.polyptych.weights.lora;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** What a file is, by its bytes alone. */
record FileBytes(Path path, byte[] start) {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** Opcode of every pickle since protocol 2; the protocol's number follows. */
  private static final byte PICKLE = (byte) 0x80;

  private static final int BUFFER = 1 << 20;

  static FileBytes of(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return new FileBytes(path, in.readNBytes(Long.BYTES + 1));
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    }
  }

  /**
   * Fails if the file is a pickle, which PyTorch's {@code .bin} and {@code .pt} files are: reading
   * one means running whatever program is in it.
   */
  void refusePickle() {
    boolean zip = Arrays.equals(Arrays.copyOf(start, ZIP.length), ZIP);
    // A safetensors header of 640 bytes starts with the same two bytes; its ninth is a brace.
    boolean header = start.length > Long.BYTES && start[Long.BYTES] == '{';
    boolean pickle = start.length > 1 && start[0] == PICKLE && start[1] <= 5 && !header;
    if (zip || pickle) {
      throw new AdapterException(
          path,
          "is a pickle (PyTorch's .bin, .pt or .ckpt), which can run any program when it is read;"
              + " convert it to safetensors");
    }
  }

  /** SHA-256 of the whole file, hexadecimal. */
  String digest() {
    try (InputStream in = Files.newInputStream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
