package dev.polyptych.store;

import java.util.List;

/**
 * Where the images of a done job lie in the object store. The job's hash holds its text.
 *
 * @param prefix of their keys, of the attempt that finished the job; ends with a slash
 * @param digests SHA-256 of each image in hexadecimal: the sheet, then the panels in reading order
 */
public record ResultLocation(String prefix, List<String> digests) {
  public ResultLocation {
    digests = List.copyOf(digests);
  }

  static ResultLocation of(String text) {
    List<String> parts = List.of(text.split(" "));
    return new ResultLocation(parts.getFirst(), parts.subList(1, parts.size()));
  }

  String text() {
    return prefix + " " + String.join(" ", digests);
  }

  /**
   * @param image 0 for the sheet, else the panel's number
   */
  public String digest(int image) {
    return digests.get(image);
  }
}
