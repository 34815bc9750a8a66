package dev.polyptych.worker.model.graph;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source text into the archive format that {@code torch::jit::load} reads: a zip
 * of stored entries below one top folder, holding the version, the (empty) constants, a pickled
 * instance of the only class, and the code.
 */
public final class TorchScriptArchive {
  /**
   * With 3 PyTorch would pick old operator schemas, where for example gelu knows no approximation.
   */
  private static final String VERSION = "10\n";

  /** Pickle, protocol 2, of an empty tuple. */
  private static final byte[] CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * The archive of a source below {@code src/main/torchscript}, whose one class is {@code M}.
   *
   * @param name the resource without its ending {@code .torchscript}
   */
  public static InputStream of(String name) {
    try (InputStream source =
        TorchScriptArchive.class.getResourceAsStream("/torchscript/" + name + ".torchscript")) {
      if (source == null) {
        throw new IllegalStateException("no TorchScript resource " + name);
      }
      return new ByteArrayInputStream(zip(source.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] zip(byte[] source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
      store(zip, "constants.pkl", CONSTANTS);
      store(zip, "data.pkl", instance());
      store(zip, "code/__torch__.py", source);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("graph/" + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Pickle, protocol 2, of {@code __torch__.M} with {@code training = False}. */
  private static byte[] instance() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.writeBytes("c__torch__\nM\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
    pickle.writeBytes(new byte[] {')', (byte) 0x81}); // EMPTY_TUPLE, NEWOBJ
    pickle.writeBytes(new byte[] {'}', '('}); // EMPTY_DICT, MARK
    byte[] name = "training".getBytes(StandardCharsets.US_ASCII);
    pickle.writeBytes(new byte[] {'X', (byte) name.length, 0, 0, 0}); // BINUNICODE
    pickle.writeBytes(name);
    pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE, SETITEMS, BUILD, STOP
    return pickle.toByteArray();
  }
}
