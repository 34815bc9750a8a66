package dev.polyptych.worker.model.tiny;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two small tokenizers that take any text: CLIP's as byte-level vocab.json and merges.txt, T5's as
 * a unigram tokenizer.json with byte fallback.
 */
final class TinyTokenizers {
  /** Pieces in front of T5's bytes: padding, end, unknown. */
  private static final int T5_SPECIALS = 3;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORD_END = "</w>";
  private static final List<String> MERGES =
      List.of("t h", "i n", "a n", "th e</w>", "an d</w>", "in g</w>");
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-[]<>";
  private static final List<String> WORDS =
      List.of(
          "a", "the", "and", "of", "in", "with", "panel", "image", "scene", "on", "is", "to",
          "four", "two", "SCENE", "LEFT", "RIGHT");

  private TinyTokenizers() {}

  /** Pieces of CLIP's vocabulary: each byte inside and at the end of a word, merges, start, end. */
  static List<String> clipPieces() {
    List<String> pieces = new ArrayList<>();
    byteLetters().forEach(pieces::add);
    byteLetters().forEach(letter -> pieces.add(letter + WORD_END));
    MERGES.forEach(merge -> pieces.add(merge.replace(" ", "")));
    pieces.add("<|startoftext|>");
    pieces.add("<|endoftext|>");
    return pieces;
  }

  /** Pieces of T5's vocabulary: specials, each byte, letters, some words. */
  static List<String> t5Pieces() {
    List<String> pieces = new ArrayList<>(List.of("<pad>", "</s>", "<unk>"));
    for (int i = 0; i < 256; i++) {
      pieces.add(String.format("<0x%02X>", i));
    }
    pieces.add("▁");
    LETTERS.chars().forEach(letter -> pieces.add(Character.toString(letter)));
    WORDS.forEach(word -> pieces.add("▁" + word));
    return pieces;
  }

  static void writeClip(Path folder, int longest) throws IOException {
    Files.createDirectories(folder);
    ObjectNode vocabulary = JSON.createObjectNode();
    clipPieces().forEach(piece -> vocabulary.put(piece, vocabulary.size()));
    JSON.writeValue(folder.resolve("vocab.json").toFile(), vocabulary);
    Files.writeString(
        folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", MERGES) + "\n");
    ObjectNode config = JSON.createObjectNode().put("tokenizer_class", "CLIPTokenizer");
    config.put("bos_token", "<|startoftext|>").put("eos_token", "<|endoftext|>");
    config.put("unk_token", "<|endoftext|>").put("pad_token", "<|endoftext|>");
    JSON.writeValue(
        folder.resolve("tokenizer_config.json").toFile(), config.put("model_max_length", longest));
  }

  static void writeT5(Path folder, int longest) throws IOException {
    Files.createDirectories(folder);
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.set("added_tokens", specials());
    root.putNull("normalizer");
    root.set("pre_tokenizer", metaspace());
    root.set("post_processor", endTemplate());
    root.set("decoder", metaspace());
    root.set("model", unigram());
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), root);
    ObjectNode config = JSON.createObjectNode().put("tokenizer_class", "T5Tokenizer");
    config.put("eos_token", "</s>").put("unk_token", "<unk>").put("pad_token", "<pad>");
    config.put("model_max_length", longest).put("extra_ids", 0);
    JSON.writeValue(folder.resolve("tokenizer_config.json").toFile(), config);
  }

  private static ArrayNode specials() {
    ArrayNode added = JSON.createArrayNode();
    for (int i = 0; i < T5_SPECIALS; i++) {
      ObjectNode token = added.addObject().put("id", i).put("content", t5Pieces().get(i));
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
    return added;
  }

  private static ObjectNode metaspace() {
    return JSON.createObjectNode()
        .put("type", "Metaspace")
        .put("replacement", "▁")
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

  private static ObjectNode unigram() {
    ObjectNode model =
        JSON.createObjectNode().put("type", "Unigram").put("unk_id", 2).put("byte_fallback", true);
    ArrayNode vocabulary = model.putArray("vocab");
    for (String piece : t5Pieces()) {
      // The longer the piece, the better its score, so that words win over letters.
      vocabulary
          .addArray()
          .add(piece)
          .add(piece.startsWith("<") && piece.length() > 1 ? 0.0 : -8.0 / piece.length());
    }
    return model;
  }

  /** GPT-2's table of printable stand-ins for the 256 bytes, in the order of the bytes. */
  private static List<String> byteLetters() {
    List<String> letters = new ArrayList<>();
    int standIn = 256;
    for (int i = 0; i < 256; i++) {
      boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
      letters.add(Character.toString(printable ? i : standIn++));
    }
    return letters;
  }
}
