package dev.polyptych.engine.blueprint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The vocabulary of a CLIP tokenizer that accepts any text and folds its case. Written as
 * byte-level {@code vocab.json} and {@code merges.txt}.
 *
 * @param pieces a piece's index is its id; first each byte inside a word, then each byte at the end
 *     of a word, then the results of merges, then the start token and the end token
 * @param merges pairs of pieces, separated by a space, in order of priority
 */
public record ClipVocabulary(List<String> pieces, List<String> merges) {
  static final String WORD_END = "</w>";

  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";
  private static final ObjectMapper JSON = new ObjectMapper();

  public ClipVocabulary {
    pieces = List.copyOf(pieces);
    merges = List.copyOf(merges);
  }

  /** A vocabulary with the pieces that these merges need. */
  public static ClipVocabulary ofMerges(List<String> merges) {
    Set<String> pieces = new LinkedHashSet<>(WordMerges.BYTES);
    WordMerges.BYTES.forEach(letter -> pieces.add(letter + WORD_END));
    merges.forEach(merge -> pieces.add(merge.replace(" ", "")));
    pieces.add(START);
    pieces.add(END);
    return new ClipVocabulary(new ArrayList<>(pieces), merges);
  }

  /**
   * A vocabulary with one token for each run of letters in {@code words}. CLIP splits off
   * everything else before it looks for tokens.
   */
  public static ClipVocabulary ofWords(Collection<String> words) {
    Set<String> runs = new TreeSet<>();
    for (String word : words) {
      runs.addAll(Arrays.asList(word.toLowerCase(Locale.ROOT).split("\\P{L}+")));
    }
    runs.remove("");
    return ofMerges(WordMerges.of(runs));
  }

  /** Id of the end token: the last id. */
  public int endToken() {
    return pieces.size() - 1;
  }

  void write(Path folder, int longest) throws IOException {
    Files.createDirectories(folder);
    ObjectNode vocabulary = JSON.createObjectNode();
    pieces.forEach(piece -> vocabulary.put(piece, vocabulary.size()));
    JSON.writeValue(folder.resolve("vocab.json").toFile(), vocabulary);
    Files.writeString(
        folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
    ObjectNode config = JSON.createObjectNode().put("tokenizer_class", "CLIPTokenizer");
    config.put("bos_token", START).put("eos_token", END);
    config.put("unk_token", END).put("pad_token", END);
    JSON.writeValue(
        folder.resolve("tokenizer_config.json").toFile(), config.put("model_max_length", longest));
  }
}
