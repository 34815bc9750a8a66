package dev.polyptych.schema.picture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats of references, recognised by their first bytes, not by the file's name. */
public enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  GIF("GIF8"),
  /** The four points are the length of the RIFF container. */
  WEBP("RIFF....WEBP");

  private static final int LONGEST = 12;

  private final Pattern beginning;

  /**
   * @param beginning one character per byte; a point stands for any byte
   */
  PictureFormat(String beginning) {
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /** Empty for any other format. */
  public static Optional<PictureFormat> of(byte[] file) {
    int length = Math.min(file.length, LONGEST);
    String begin = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.beginning.matcher(begin).lookingAt())
        .findFirst();
  }
}
