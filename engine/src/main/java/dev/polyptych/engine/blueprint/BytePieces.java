package dev.polyptych.engine.blueprint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** GPT-2's table of printable stand-ins for the 256 bytes, in the order of the bytes. */
final class BytePieces {
  private static final List<String> ALL = table();

  private BytePieces() {}

  static List<String> all() {
    return ALL;
  }

  /** The stand-ins of a text's UTF-8 bytes. */
  static List<String> of(String text) {
    List<String> pieces = new ArrayList<>();
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      pieces.add(ALL.get(Byte.toUnsignedInt(unit)));
    }
    return pieces;
  }

  private static List<String> table() {
    List<String> letters = new ArrayList<>();
    int standIn = 256;
    for (int i = 0; i < 256; i++) {
      boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
      letters.add(Character.toString(printable ? i : standIn++));
    }
    return List.copyOf(letters);
  }
}
