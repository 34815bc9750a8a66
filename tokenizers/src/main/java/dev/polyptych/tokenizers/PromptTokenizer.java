package dev.polyptych.tokenizers;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns a prompt into token ids of one fixed length. A longer prompt is cut as by transformers'
 * {@code truncation=True}: the end token stays last. A shorter one is filled up with the padding
 * token. Holds native memory until closed. Any thread may use it.
 */
public final class PromptTokenizer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 64L << 20;
  private static final String WHOLE = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";
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
    return open(new FileSet(folder, name -> bytes(folder.resolve(name))), longest);
  }

  /**
   * Opens a tokenizer that comes with Polyptych.
   *
   * @param folder {@code MODEL/tokenizer} or {@code MODEL/tokenizer_2}
   * @param longest as in {@link #open}
   */
  static PromptTokenizer builtIn(String folder, int longest) {
    return open(
        new FileSet(Path.of(folder), name -> Optional.ofNullable(resource(folder + "/" + name))),
        longest);
  }

  /**
   * The files of a tokenizer, by name.
   *
   * @param read empty if there is none of that name
   */
  private record FileSet(Path folder, Function<String, Optional<byte[]>> read) {
    Path path(String name) {
      return folder.resolve(name);
    }
  }

  private static PromptTokenizer open(FileSet files, int longest) {
    ObjectNode document = document(files);
    // This class cuts and pads. Settings in the file must not do so first.
    document.putNull("truncation").putNull("padding");
    Path settings = files.path(CONFIG);
    ObjectNode config = json(files, CONFIG);
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
          files.folder(), "holds no tokenizer that can be read (" + e.getMessage() + ")", REMEDY);
    }
  }

  /** Number of ids that {@link #ids} returns. */
  public int length() {
    return length;
  }

  /** Number of tokens of a whole prompt, special ones included; may exceed {@link #length}. */
  public int count(String prompt) {
    return all(prompt).length;
  }

  /** The ids of a prompt: exactly {@link #length} of them. */
  public long[] ids(String prompt) {
    long[] all = all(prompt);
    long[] ids = Arrays.copyOf(all, length);
    if (all.length > length) {
      ids[length - 1] = all[all.length - 1];
    } else {
      Arrays.fill(ids, all.length, length, padding);
    }
    return ids;
  }

  /**
   * The ids of the whole prompt, special ones included. Asks the native library for them alone: the
   * tokenizer's own {@code encode} also makes an object of each token's text and place, which takes
   * half as long again.
   */
  private long[] all(String prompt) {
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), prompt, true);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding);
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  private static ObjectNode document(FileSet files) {
    if (files.read().apply(WHOLE).isPresent()) {
      return json(files, WHOLE);
    }
    Optional<byte[]> merges = files.read().apply("merges.txt");
    if (merges.isEmpty() || files.read().apply("vocab.json").isEmpty()) {
      throw new TokenizerException(
          files.path(WHOLE), "is missing (and so is the pair vocab.json and merges.txt)", REMEDY);
    }
    List<String> lines = new String(merges.get(), StandardCharsets.UTF_8).lines().toList();
    return ClipTokenizerJson.of(json(files, "vocab.json"), lines);
  }

  private static ObjectNode json(FileSet files, String name) {
    Path file = files.path(name);
    byte[] bytes =
        files
            .read()
            .apply(name)
            .orElseThrow(() -> new TokenizerException(file, "is missing", REMEDY));
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode document) {
        return document;
      }
    } catch (IOException e) {
      throw new TokenizerException(file, "is not readable JSON (" + e.getMessage() + ")", REMEDY);
    }
    throw new TokenizerException(file, "is not a JSON object", REMEDY);
  }

  private static Optional<byte[]> bytes(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new TokenizerException(file, "is too large for a tokenizer", REMEDY);
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new TokenizerException(file, "is not readable (" + e + ")", REMEDY);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = PromptTokenizer.class.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException("resource " + name, broken);
    }
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
