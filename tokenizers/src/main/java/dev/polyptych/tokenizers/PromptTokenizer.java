package dev.polyptych.tokenizers;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Turns a prompt into token ids of one fixed length. A longer prompt is cut as by transformers'
 * {@code truncation=True}: the end token stays last. A shorter one is filled up with the padding
 * token. Holds native memory until closed. Any thread may use it.
 */
public final class PromptTokenizer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 64L << 20;
  private static final String REMEDY = "download the tokenizer folders again";

  private final HuggingFaceTokenizer tokenizer;
  private final int length;
  private final long padding;

  private PromptTokenizer(HuggingFaceTokenizer tokenizer, int length, long padding) {
    this.tokenizer = tokenizer;
    this.length = length;
    this.padding = padding;
  }

  /**
   * Opens a tokenizer folder. It holds {@code tokenizer.json}, or CLIP's {@code vocab.json} and
   * {@code merges.txt}.
   *
   * @param longest number of tokens that the encoder takes; {@code model_max_length} in {@code
   *     tokenizer_config.json} may lower it
   * @throws TokenizerException if a file is missing or wrong
   */
  public static PromptTokenizer open(Path folder, int longest) {
    ObjectNode document = document(folder);
    // This class cuts and pads. Settings in the file must not do so first.
    document.putNull("truncation").putNull("padding");
    Path settings = folder.resolve("tokenizer_config.json");
    ObjectNode config = read(settings);
    long padding = id(document, padToken(config, settings), settings);
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");
    byte[] json = document.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return new PromptTokenizer(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options),
          length(config, longest, settings),
          padding);
    } catch (IOException | RuntimeException e) {
      throw new TokenizerException(
          folder, "holds no tokenizer that can be read (" + e.getMessage() + ")", REMEDY);
    }
  }

  /** Number of ids that {@link #ids} returns. */
  public int length() {
    return length;
  }

  /** The ids of a prompt: exactly {@link #length} of them. */
  public long[] ids(String prompt) {
    long[] all = tokenizer.encode(prompt, true, false).getIds();
    long[] ids = Arrays.copyOf(all, length);
    if (all.length > length) {
      ids[length - 1] = all[all.length - 1];
    } else {
      Arrays.fill(ids, all.length, length, padding);
    }
    return ids;
  }

  private static ObjectNode document(Path folder) {
    Path whole = folder.resolve("tokenizer.json");
    if (Files.exists(whole)) {
      return read(whole);
    }
    Path vocabulary = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    if (!Files.exists(vocabulary) || !Files.exists(merges)) {
      throw new TokenizerException(
          whole, "is missing (and so is the pair vocab.json and merges.txt)", REMEDY);
    }
    try {
      return ClipTokenizerJson.of(read(vocabulary), Files.readAllLines(merges));
    } catch (IOException e) {
      throw new TokenizerException(merges, "is not readable (" + e + ")", REMEDY);
    }
  }

  private static ObjectNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new TokenizerException(file, "is missing", REMEDY);
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new TokenizerException(file, "is too large for a tokenizer", REMEDY);
      }
      if (JSON.readTree(file.toFile()) instanceof ObjectNode document) {
        return document;
      }
    } catch (IOException e) {
      throw new TokenizerException(file, "is not readable JSON (" + e.getMessage() + ")", REMEDY);
    }
    throw new TokenizerException(file, "is not a JSON object", REMEDY);
  }

  private static int length(ObjectNode config, int longest, Path settings) {
    JsonNode most = config.path("model_max_length");
    if (config.hasNonNull("model_max_length") && !most.isNumber()) {
      throw new TokenizerException(settings, "has no number in model_max_length", REMEDY);
    }
    return (int) Math.min(longest, most.asDouble(longest));
  }

  /**
   * The padding token's text. Configurations give it as a string or as an object with a content.
   */
  private static String padToken(ObjectNode config, Path settings) {
    JsonNode node = config.path("pad_token");
    String text = node.isObject() ? node.path("content").textValue() : node.textValue();
    if (text == null) {
      throw new TokenizerException(
          settings, "has pad_token = " + node + ", where this needs the padding token", REMEDY);
    }
    return text;
  }

  private static long id(ObjectNode document, String token, Path config) {
    for (JsonNode added : document.path("added_tokens")) {
      if (added.path("content").asText().equals(token)) {
        return added.path("id").longValue();
      }
    }
    JsonNode vocabulary = document.path("model").path("vocab");
    if (vocabulary.path(token).isIntegralNumber()) {
      return vocabulary.path(token).longValue();
    }
    throw new TokenizerException(
        config, "names the padding token " + token + ", which the tokenizer lacks", REMEDY);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
