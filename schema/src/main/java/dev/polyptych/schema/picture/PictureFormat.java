package dev.polyptych.schema.picture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Formats that references may come in, told by their first bytes, not by the file's name. */
public enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  GIF("GIF8");

  /** A character a byte. */
  private final String beginning;

  PictureFormat(String beginning) {
    this.beginning = beginning;
  }

  /** Empty when it is none of ours. */
  public static Optional<PictureFormat> of(byte[] file) {
    int length = Math.min(file.length, 8);
    String begin = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values()).filter(format -> begin.startsWith(format.beginning)).findFirst();
  }
}
