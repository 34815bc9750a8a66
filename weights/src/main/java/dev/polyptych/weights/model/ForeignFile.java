package dev.polyptych.weights.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Recognises what people hold in place of a safetensors or GGUF file, by its first bytes. */
final class ForeignFile {
  private static final int BEGINNING = 64;

  private ForeignFile() {}

  /**
   * Refuses a file that begins as another kind of file.
   *
   * @throws ModelFolderException if it is missing, unreadable or recognised
   */
  static void refuse(Path file) {
    String text = new String(beginning(file), StandardCharsets.ISO_8859_1);
    String word = text.stripLeading().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      throw new ModelFolderException(file, "is empty", "download it again");
    }
    if (word.startsWith("version https://git-lfs")) {
      throw new ModelFolderException(
          file,
          "is a git-lfs pointer, not the weights",
          "run 'git lfs pull' in its repository, or download the file itself");
    }
    if (word.startsWith("<!doctype") || word.startsWith("<html") || word.startsWith("<?xml")) {
      throw new ModelFolderException(
          file,
          "is a web page, not the weights",
          "log in and accept the model's licence where it is published, and download it again");
    }
    if (text.startsWith("PK\3\4") || text.startsWith("\u0080\2")) {
      throw new ModelFolderException(
          file,
          "is a PyTorch pickle, which can run code and is never read",
          "use a safetensors file");
    }
  }

  /** Whether a file begins as safetensors do: with the length of a JSON header and its brace. */
  static boolean safetensors(Path file) {
    byte[] bytes = beginning(file);
    return bytes.length > Long.BYTES && bytes[Long.BYTES] == '{' && bytes[Long.BYTES - 1] == 0;
  }

  /** Whether a file begins as GGUF files do. */
  static boolean gguf(Path file) {
    return new String(beginning(file), StandardCharsets.ISO_8859_1).startsWith("GGUF");
  }

  private static byte[] beginning(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(BEGINNING);
    } catch (IOException e) {
      throw new ModelFolderException(file + " can't be read (" + e + "); check the path", e);
    }
  }
}
