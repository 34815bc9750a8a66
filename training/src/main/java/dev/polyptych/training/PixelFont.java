package dev.polyptych.training;

import java.util.Map;

/**
 * Figures and the few letters that a curve is labelled with, 5 x 7 pixels each. Java's own text
 * needs fonts and fontconfig on the machine, which slim images lack; this looks the same anywhere.
 */
final class PixelFont {
  static final int WIDTH = 5;
  static final int HEIGHT = 7;

  /** Columns from the left, two hexadecimal digits each; bit 0 is the top. */
  private static final Map<Character, String> GLYPHS =
      Map.ofEntries(
          Map.entry('0', "3e5149453e"),
          Map.entry('1', "00427f4000"),
          Map.entry('2', "4261514946"),
          Map.entry('3', "2141454b31"),
          Map.entry('4', "1814127f10"),
          Map.entry('5', "2745454539"),
          Map.entry('6', "3c4a494930"),
          Map.entry('7', "0171090503"),
          Map.entry('8', "3649494936"),
          Map.entry('9', "064949291e"),
          Map.entry('.', "0060600000"),
          Map.entry('-', "0808080808"),
          Map.entry('a', "2054545478"),
          Map.entry('d', "384444487f"),
          Map.entry('e', "3854545418"),
          Map.entry('h', "7f08040478"),
          Map.entry('i', "00447d4000"),
          Map.entry('l', "00417f4000"),
          Map.entry('m', "7c04180478"),
          Map.entry('n', "7c08040478"),
          Map.entry('o', "3844444438"),
          Map.entry('p', "7c24242418"),
          Map.entry('s', "4854545420"),
          Map.entry('t', "043f444020"),
          Map.entry('v', "1c2040201c"));

  private PixelFont() {}

  /** Whether a pixel of a character is inked; characters without a glyph are blank. */
  static boolean inked(char character, int x, int y) {
    String glyph = GLYPHS.get(character);
    return glyph != null && (Integer.parseInt(glyph, 2 * x, 2 * x + 2, 16) >> y & 1) == 1;
  }
}
