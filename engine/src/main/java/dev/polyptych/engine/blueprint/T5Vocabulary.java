package dev.polyptych.engine.blueprint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The vocabulary of a T5 tokenizer that accepts any text. Written as a unigram {@code
 * tokenizer.json} with byte fallback.
 *
 * @param pieces a piece's index is its id; in this order padding, end, unknown, each byte, the
 *     start of a word, letters, words
 * @param folding whether the tokenizer converts text to lower case
 */
public record T5Vocabulary(List<String> pieces, boolean folding) {
  /** The pieces before the bytes: padding, end, unknown. */
  private static final List<String> SPECIALS = List.of("<pad>", "</s>", "<unk>");

  private static final String WORD_START = "▁";
  private static final ObjectMapper JSON = new ObjectMapper();

  public T5Vocabulary {
    pieces = List.copyOf(pieces);
  }

  /** A vocabulary that distinguishes case. Letters and words get ids in the given order. */
  public static T5Vocabulary exact(String letters, Collection<String> words) {
    return new T5Vocabulary(pieces(letters, words), false);
  }

  /** A vocabulary that folds case. Words get ids in alphabetical order. */
  public static T5Vocabulary folded(String letters, Collection<String> words) {
    Set<String> folded = new TreeSet<>();
    words.forEach(word -> folded.add(word.toLowerCase(Locale.ROOT)));
    return new T5Vocabulary(pieces(letters, folded), true);
  }

  private static List<String> pieces(String letters, Collection<String> words) {
    List<String> pieces = new ArrayList<>(SPECIALS);
    for (int i = 0; i < 256; i++) {
      pieces.add(String.format("<0x%02X>", i));
    }
    pieces.add(WORD_START);
    letters.chars().forEach(letter -> pieces.add(Character.toString(letter)));
    words.forEach(word -> pieces.add(WORD_START + word));
    return pieces;
  }

  /**
   * The class of transformers that applies the whole file. From transformers 5 on, T5Tokenizer
   * reads the vocabulary only: it neither folds case nor falls back to bytes
   * (models/t5/tokenization_t5.py).
   */
  String tokenizerClass() {
    return folding ? "PreTrainedTokenizerFast" : "T5Tokenizer";
  }

  void write(Path folder, int longest) throws IOException {
    Files.createDirectories(folder);
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.set("added_tokens", specials());
    root.set("normalizer", folding ? JSON.createObjectNode().put("type", "Lowercase") : null);
    root.set("pre_tokenizer", folding ? words() : metaspace());
    root.set("post_processor", endTemplate());
    root.set("decoder", metaspace());
    root.set("model", unigram());
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), root);
    ObjectNode config = JSON.createObjectNode().put("tokenizer_class", tokenizerClass());
    config.put("eos_token", "</s>").put("unk_token", "<unk>").put("pad_token", "<pad>");
    config.put("model_max_length", longest).put("extra_ids", 0);
    JSON.writeValue(folder.resolve("tokenizer_config.json").toFile(), config);
  }

  private static ArrayNode specials() {
    ArrayNode added = JSON.createArrayNode();
    for (String special : SPECIALS) {
      ObjectNode token = added.addObject().put("id", added.size() - 1).put("content", special);
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
    return added;
  }

  /** Splits at white space. Runs of white space and line breaks then cost no token. */
  private static ObjectNode words() {
    ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    steps.addObject().put("type", "WhitespaceSplit");
    steps.add(metaspace());
    return sequence;
  }

  private static ObjectNode metaspace() {
    return JSON.createObjectNode()
        .put("type", "Metaspace")
        .put("replacement", WORD_START)
        .put("prepend_scheme", "always")
        .put("split", true);
  }

  private static ObjectNode endTemplate() {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    single.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
    template.putArray("pair");
    ObjectNode end = template.putObject("special_tokens").putObject("</s>").put("id", "</s>");
    end.putArray("ids").add(1);
    end.putArray("tokens").add("</s>");
    return template;
  }

  private ObjectNode unigram() {
    ObjectNode model =
        JSON.createObjectNode().put("type", "Unigram").put("unk_id", 2).put("byte_fallback", true);
    ArrayNode vocabulary = model.putArray("vocab");
    for (String piece : pieces) {
      // A longer piece has a better score, so words win over letters.
      vocabulary
          .addArray()
          .add(piece)
          .add(piece.startsWith("<") && piece.length() > 1 ? 0.0 : -8.0 / piece.length());
    }
    return model;
  }
}
