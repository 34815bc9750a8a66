package dev.polyptych.engine.blueprint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte pair merges that make each of some words one token. A word is first split by the merges so
 * far, then its pieces are joined from the left by new ones. New merges rank last, so they do not
 * touch what older ones make of an earlier word.
 */
final class WordMerges {
  private record Pair(String left, String right) {}

  private final Map<Pair, Integer> ranks = new LinkedHashMap<>();

  private WordMerges() {}

  /** Lines of merges.txt, the order of {@code words} deciding theirs. */
  static List<String> of(Collection<String> words) {
    WordMerges merges = new WordMerges();
    words.forEach(merges::add);
    return merges.ranks.keySet().stream().map(pair -> pair.left + " " + pair.right).toList();
  }

  private void add(String word) {
    List<String> pieces = BytePieces.of(word);
    pieces.add(pieces.removeLast() + ClipVocabulary.WORD_END);
    joinByRank(pieces);
    while (pieces.size() > 1) {
      ranks.put(new Pair(pieces.get(0), pieces.get(1)), ranks.size());
      joinByRank(pieces);
    }
  }

  /** What a tokenizer does: the pair of the lowest rank first, of equals the leftmost. */
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
}
