package dev.polyptych.engine.blueprint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte pair merges that make each given word one token. A word is first split by the existing
 * merges; then new merges join its pieces from the left. New merges have the lowest priority, so
 * they do not change the tokens of earlier words.
 */
final class WordMerges {
  /** GPT-2's printable stand-ins for the 256 byte values, in the order of the bytes. */
  static final List<String> BYTES = byteTable();

  private record Pair(String left, String right) {}

  private final Map<Pair, Integer> ranks = new LinkedHashMap<>();

  private WordMerges() {}

  /** Lines of merges.txt for words, in the order of the words. */
  static List<String> of(Collection<String> words) {
    WordMerges merges = new WordMerges();
    words.forEach(merges::add);
    return merges.ranks.keySet().stream().map(pair -> pair.left + " " + pair.right).toList();
  }

  private void add(String word) {
    List<String> pieces = bytes(word);
    pieces.add(pieces.removeLast() + ClipVocabulary.WORD_END);
    joinByRank(pieces);
    while (pieces.size() > 1) {
      ranks.put(new Pair(pieces.get(0), pieces.get(1)), ranks.size());
      joinByRank(pieces);
    }
  }

  /** Joins as a tokenizer does: the pair of the lowest rank first, the leftmost of equal ones. */
  private void joinByRank(List<String> pieces) {
    for (int best = lowest(pieces); best >= 0; best = lowest(pieces)) {
      pieces.set(best, pieces.get(best) + pieces.remove(best + 1));
    }
  }

  private int lowest(List<String> pieces) {
    List<Integer> known = new ArrayList<>();
    for (int i = 0; i + 1 < pieces.size(); i++) {
      known.add(ranks.getOrDefault(new Pair(pieces.get(i), pieces.get(i + 1)), Integer.MAX_VALUE));
    }
    int least = known.stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
    return least == Integer.MAX_VALUE ? -1 : known.indexOf(least);
  }

  /** The stand-ins of a text's UTF-8 bytes. */
  private static List<String> bytes(String text) {
    List<String> pieces = new ArrayList<>();
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      pieces.add(BYTES.get(Byte.toUnsignedInt(unit)));
    }
    return pieces;
  }

  private static List<String> byteTable() {
    List<String> letters = new ArrayList<>();
    int standIn = 256;
    for (int i = 0; i < 256; i++) {
      boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
      letters.add(Character.toString(printable ? i : standIn++));
    }
    return List.copyOf(letters);
  }
}
