package dev.polyptych.engine.graph;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source text into the archive format of {@code torch::jit::load}: a zip with
 * uncompressed entries below one top folder. The entries are the version, the (empty) constants, a
 * pickled instance of the main class, and the code.
 *
 * <p>A source may use other sources: an attribute {@code name : __torch__.name} adds the class of
 * source {@code name}. Its methods are called as {@code (self.name).method(...)}.
 */
public final class TorchScriptArchive {
  /**
   * With version 3 PyTorch uses old operator schemas, in which for example gelu has no
   * approximation.
   */
  private static final String VERSION = "10\n";

  /** Pickle, protocol 2, of an empty tuple. */
  private static final byte[] CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private static final Pattern PART = Pattern.compile("(?m)^  (\\w+) : __torch__\\.\\1$");

  private final Map<String, String> sources = new LinkedHashMap<>();

  private TorchScriptArchive() {}

  /**
   * The archive of a source below {@code src/main/torchscript}. The source defines one class,
   * {@code M}.
   *
   * @param name the resource without its ending {@code .torchscript}
   * @throws IllegalStateException if there is no such resource
   */
  public static InputStream of(String name) {
    TorchScriptArchive archive = new TorchScriptArchive();
    archive.add(name);
    return new ByteArrayInputStream(archive.zip(name));
  }

  /** Reads a source and its parts. Each class gets the name of its source. */
  private void add(String name) {
    if (sources.containsKey(name)) {
      return;
    }
    String source = read(name);
    parts(source).forEach(this::add);
    String renamed =
        source
            .replace("class M(", "class " + name + "(")
            .replaceAll("__torch__\\.M\\b", type(name));
    sources.put(name, renamed);
  }

  private static List<String> parts(String source) {
    return PART.matcher(source).results().map(found -> found.group(1)).toList();
  }

  private static String type(String name) {
    return "__torch__." + name;
  }

  private static String read(String name) {
    try (InputStream source =
        TorchScriptArchive.class.getResourceAsStream("/torchscript/" + name + ".torchscript")) {
      if (source == null) {
        throw new IllegalStateException("no TorchScript resource " + name);
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] zip(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
      store(zip, "constants.pkl", CONSTANTS);
      store(zip, "data.pkl", pickle(name));
      String code = String.join("\n", sources.values());
      store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /** Pickle, protocol 2, of an instance of the class. */
  private byte[] pickle(String name) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    instance(name, pickle);
    pickle.write('.'); // STOP
    return pickle.toByteArray();
  }

  /** An instance with {@code training = False} and an instance of each part. */
  private void instance(String name, ByteArrayOutputStream pickle) {
    pickle.writeBytes(("c__torch__\n" + name + "\n").getBytes(StandardCharsets.US_ASCII)); // GLOBAL
    pickle.writeBytes(new byte[] {')', (byte) 0x81}); // EMPTY_TUPLE, NEWOBJ
    pickle.writeBytes(new byte[] {'}', '('}); // EMPTY_DICT, MARK
    key("training", pickle);
    pickle.write(0x89); // NEWFALSE
    for (String part : parts(sources.get(name))) {
      key(part, pickle);
      instance(part, pickle);
    }
    pickle.writeBytes(new byte[] {'u', 'b'}); // SETITEMS, BUILD
  }

  private static void key(String name, ByteArrayOutputStream pickle) {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    pickle.writeBytes(new byte[] {'X', (byte) letters.length, 0, 0, 0}); // BINUNICODE
    pickle.writeBytes(letters);
  }
}
