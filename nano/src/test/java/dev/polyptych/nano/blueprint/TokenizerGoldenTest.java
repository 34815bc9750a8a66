package dev.polyptych.nano.blueprint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.tokenizers.PromptTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Token ids against transformers'; the script beside the fixtures reads the folder written here.
 */
class TokenizerGoldenTest {
  private static final Path FOLDER = Path.of("target", "blueprint");

  @Test
  void givesTheReferencesIds() throws IOException {
    Blueprint.write(FOLDER, Sample.SIZE, Sample.WORDS);
    try (InputStream file = getClass().getResourceAsStream("/goldens/tokens.json");
        PromptTokenizer clip = PromptTokenizer.open(FOLDER.resolve("tokenizer"), 77);
        PromptTokenizer t5 = PromptTokenizer.open(FOLDER.resolve("tokenizer_2"), 512)) {
      JsonNode goldens = new ObjectMapper().readTree(file);
      assertFalse(goldens.isEmpty());
      for (JsonNode golden : goldens) {
        String prompt = golden.path("prompt").asText();
        assertArrayEquals(ids(golden.path("clip")), clip.ids(prompt), prompt);
        assertArrayEquals(ids(golden.path("t5")), t5.ids(prompt), prompt);
      }
    }
  }

  private static long[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }
}
