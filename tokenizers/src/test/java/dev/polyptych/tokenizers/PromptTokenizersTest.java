package dev.polyptych.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTokenizersTest {
  /** What people, their tools and their enemies write. */
  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "\t\r\n\u00a0\u2003",
          "a big owl at the left in the forest",
          "[MOVIE-SHOTS] a film [SCENE-1] a fox [SCENE-2] a fox",
          "</s> <pad> <unk> <extra_id_0> <|endoftext|> <|startoftext|>",
          "e\u0301 \u00e9 \ufb01 \u212b \u2460 ﷺ İstanbul ǅ ß",
          "日本語 한국어 עברית العربية ไทย",
          "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 \ud83d\ude00",
          "\u0000\u0001\u007f\u200b\u200d\ufeff\u202e\ufffd",
          "'s 't 're don't 1234567890 3.14 !!!??? --- ___ ((()))",
          "a".repeat(3000),
          "ab ".repeat(1500),
          "👾".repeat(700),
          "\u0301".repeat(500),
          "{prompt} {panel1} \\ \" ' ` $ % <script>");

  @ParameterizedTest
  @CsvSource({
    "nano, ../models/nano",
    "flux.1-dev, src/main/resources/dev/polyptych/tokenizers/flux.1-dev"
  })
  void theDispatchersAndAWorkersGiveTheSameIds(String model, Path folder) {
    try (PromptTokenizers dispatcher = PromptTokenizers.builtIn(model).orElseThrow();
        PromptTokenizers worker = PromptTokenizers.open(folder, 512, 77)) {
      for (String text : HOSTILE) {
        same(dispatcher.main(), worker.main(), text);
        same(dispatcher.pooled(), worker.pooled(), text);
      }
    }
  }

  private static void same(PromptTokenizer dispatcher, PromptTokenizer worker, String text) {
    assertEquals(worker.length(), dispatcher.length());
    assertEquals(worker.count(text), dispatcher.count(text), text);
    assertArrayEquals(worker.ids(text), dispatcher.ids(text), text);
  }

  /** As transformers gives them for openai/clip-vit-large-patch14 and google/t5-v1_1-xxl. */
  @Test
  void thePublishedFilesGiveThePublishedIds() {
    try (PromptTokenizers flux = PromptTokenizers.builtIn("flux.1-dev").orElseThrow()) {
      assertArrayEquals(
          new long[] {49406, 320, 1125, 539, 320, 2368, 49407},
          Arrays.copyOf(flux.pooled().ids("a photo of a cat"), 7));
      assertEquals(7, flux.pooled().count("a photo of a cat"));
      assertArrayEquals(
          new long[] {13959, 1566, 12, 2968, 1, 0},
          Arrays.copyOf(flux.main().ids("translate English to German"), 6));
      assertEquals(5, flux.main().count("translate English to German"));
      assertEquals(512, flux.main().length());
      assertEquals(77, flux.pooled().length());
    }
  }

  @Test
  void aLongTextIsCountedWholeAndReadUpToTheLength() {
    try (PromptTokenizers nano = PromptTokenizers.builtIn("nano").orElseThrow()) {
      String text = "a fox ".repeat(60);

      assertEquals(48, nano.main().length());
      assertEquals(48, nano.main().ids(text).length);
      assertEquals(121, nano.main().count(text));
    }
  }

  @Test
  void aModelThatIsNotBuiltInHasNone() {
    assertEquals(Optional.empty(), PromptTokenizers.builtIn("tiny"));
    assertEquals(Optional.empty(), PromptTokenizers.builtIn("../nano"));
  }
}
