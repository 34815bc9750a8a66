package dev.polyptych.schema.picture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats that references may come in, told by their first bytes, not by the file's name. */
public enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  GIF("GIF8"),
  /** After the length of the RIFF container that it lies in. */
  WEBP("RIFF....WEBP");

  private static final int LONGEST = 12;

  private final Pattern beginning;

  /**
   * @param beginning a character a byte; a point stands for any
   */
  PictureFormat(String beginning) {
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /** Empty when it is none of ours. */
  public static Optional<PictureFormat> of(byte[] file) {
    int length = Math.min(file.length, LONGEST);
    String begin = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.beginning.matcher(begin).lookingAt())
        .findFirst();
  }
}
