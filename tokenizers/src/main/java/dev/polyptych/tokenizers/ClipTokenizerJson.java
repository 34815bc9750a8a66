package dev.polyptych.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Converts a CLIP tokenizer's older pair of files, {@code vocab.json} and {@code merges.txt}, to a
 * {@code tokenizer.json}, as transformers does (models/clip/tokenization_clip.py).
 */
final class ClipTokenizerJson {
  static final String START = "<|startoftext|>";
  static final String END = "<|endoftext|>";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORDS =
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private ClipTokenizerJson() {}

  /**
   * Builds the document.
   *
   * @param vocabulary piece to id; must contain the start token and the end token
   * @param mergeLines lines of merges.txt; the version line and empty lines are skipped
   */
  static ObjectNode of(JsonNode vocabulary, List<String> mergeLines) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    added.add(special(START, vocabulary.path(START).intValue()));
    added.add(special(END, vocabulary.path(END).intValue()));
    root.set("normalizer", normalizer());
    root.set("pre_tokenizer", preTokenizer());
    root.set("post_processor", postProcessor(vocabulary));
    root.set("decoder", byteLevel(JSON.createObjectNode()));
    root.set("model", model(vocabulary, mergeLines));
    return root;
  }

  private static ObjectNode special(String content, int id) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode normalizer() {
    ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("normalizers");
    steps.addObject().put("type", "NFC");
    ObjectNode spaces = steps.addObject().put("type", "Replace").put("content", " ");
    spaces.putObject("pattern").put("Regex", "\\s+");
    steps.addObject().put("type", "Lowercase");
    return sequence;
  }

  private static ObjectNode preTokenizer() {
    ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    ObjectNode split =
        steps.addObject().put("type", "Split").put("behavior", "Removed").put("invert", true);
    split.putObject("pattern").put("Regex", WORDS);
    byteLevel(steps.addObject());
    return sequence;
  }

  private static ObjectNode byteLevel(ObjectNode node) {
    return node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static ObjectNode postProcessor(JsonNode vocabulary) {
    ObjectNode processor = JSON.createObjectNode().put("type", "RobertaProcessing");
    processor.putArray("sep").add(END).add(vocabulary.path(END).intValue());
    processor.putArray("cls").add(START).add(vocabulary.path(START).intValue());
    return processor.put("trim_offsets", false).put("add_prefix_space", false);
  }

  private static ObjectNode model(JsonNode vocabulary, List<String> mergeLines) {
    ObjectNode model =
        JSON.createObjectNode().put("type", "BPE").putNull("dropout").put("unk_token", END);
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "</w>");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    model.set("vocab", vocabulary);
    ArrayNode merges = model.putArray("merges");
    mergeLines.stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#version"))
        .forEach(merges::add);
    return model;
  }
}
