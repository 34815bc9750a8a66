package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.polyptych.tokenizers.PromptTokenizer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PromptTokenizerGoldenTest {
  @ParameterizedTest
  @EnumSource(Golden.class)
  void givesTheReferencesClipIds(Golden golden) {
    compare(golden, "tokenizer", 77, "clip_ids.");
  }

  @ParameterizedTest
  @EnumSource(Golden.class)
  void givesTheReferencesT5Ids(Golden golden) {
    compare(golden, "tokenizer_2", 512, "t5_ids.");
  }

  private static void compare(Golden golden, String folder, int longest, String name) {
    List<String> prompts = Golden.prompts();
    try (PromptTokenizer tokenizer =
        PromptTokenizer.open(golden.model().resolve(folder), longest)) {
      for (int i = 0; i < prompts.size(); i++) {
        long[] ids = tokenizer.ids(prompts.get(i));
        float[] actual = new float[ids.length];
        for (int j = 0; j < ids.length; j++) {
          actual[j] = ids[j];
        }
        assertArrayEquals(golden.expected(name + i), actual, golden + " " + prompts.get(i));
      }
    }
  }
}
