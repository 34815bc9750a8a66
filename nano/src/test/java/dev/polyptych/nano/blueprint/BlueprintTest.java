package dev.polyptych.nano.blueprint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.tiny.RandomWeights;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlueprintTest {
  private static final int CLIP_LENGTH = 77;
  private static final int T5_UNKNOWN = 2;
  private static final int T5_END = 1;
  private static final int T5_BYTES = 3;

  @TempDir private static Path folder;

  private static PromptTokenizer clip;
  private static PromptTokenizer t5;

  @BeforeAll
  static void write() throws IOException {
    Blueprint.write(folder, Sample.SIZE, Sample.WORDS);
    clip = PromptTokenizer.open(folder.resolve("tokenizer"), 77);
    t5 = PromptTokenizer.open(folder.resolve("tokenizer_2"), 512);
  }

  @AfterAll
  static void close() {
    clip.close();
    t5.close();
  }

  @Test
  void t5ReadsEveryWordMarkerAndDigitAsOneToken() {
    for (String word : Sample.WORDS) {
      assertEquals(1, t5Ids(word).length, word);
    }
    for (String marker : Blueprint.MARKERS) {
      assertEquals(1, t5Ids(marker).length, marker);
      assertArrayEquals(
          new long[] {t5Ids(marker)[0], t5Piece(",")}, t5Ids(marker + ","), marker + ",");
    }
    for (String one : List.of("0", "7", ".", ";", ":")) {
      assertEquals(2, t5Ids("fox" + one).length, one);
    }
    assertEquals(1, t5Ids("4").length);
  }

  @Test
  void t5ReadsTheMarkersOfEveryTaskOfNano() {
    Pattern bracketed = Pattern.compile("\\[[^\\]]+]");
    for (Task task : CatalogFile.builtIn("nano").tasks()) {
      List<String> markers =
          bracketed.matcher(task.template().toString()).results().map(MatchResult::group).toList();
      assertFalse(markers.isEmpty(), task.id());
      assertTrue(Blueprint.MARKERS.containsAll(markers), task.id());
    }
  }

  @Test
  void clipReadsEveryWordAsOneToken() {
    for (String word : Sample.WORDS) {
      if (word.chars().allMatch(Character::isLetter)) {
        assertEquals(1, clipIds(word).length, word);
      }
    }
    for (String marker : Blueprint.MARKERS) {
      String[] letters = marker.split("\\P{L}+");
      for (String run : letters) {
        assertEquals(run.isEmpty() ? 0 : 1, clipIds(run).length, run);
      }
    }
  }

  @Test
  void caseAndWhiteSpaceDoNotMatter() {
    String plain = "[movie-shots] a big fox in the meadow [scene-1] snow";
    String mixed = "[MOVIE-SHOTS]  A big\tFOX in the Meadow\n[SCENE-1] Snow ";

    assertArrayEquals(t5.ids(plain), t5.ids(mixed));
    assertArrayEquals(clip.ids(plain), clip.ids(mixed));
    assertEquals(9, t5Ids(plain).length);
  }

  @Test
  void unknownWordsFallToLettersAndBytesNeverToTheUnknownToken() {
    assertArrayEquals(
        new long[] {t5Ids("fox")[0], t5Piece("e"), t5Piece("s")}, t5Ids("foxes"), "foxes");
    for (String text : List.of("zebra", "naïve 日本語 🎈 ¿?", "Ünïcode…", "<pad] {x}")) {
      assertFalse(Arrays.stream(t5.ids(text)).anyMatch(id -> id == T5_UNKNOWN), text);
    }
    assertArrayEquals(
        new long[] {t5Ids("▁")[0], T5_BYTES + 0xC3, T5_BYTES + 0xA9}, t5Ids("é"), "é");
  }

  @Test
  void aPromptIsFilledOrCutToItsLengthAndEndsWithTheEndToken() {
    String longest = "a big fox, ".repeat(20);
    for (String text : List.of("", "a fox", longest)) {
      assertEquals(Blueprint.PROMPT_TOKENS, t5.ids(text).length);
      assertEquals(CLIP_LENGTH, clip.ids(text).length);
    }
    assertEquals(T5_END, t5.ids(longest)[Blueprint.PROMPT_TOKENS - 1]);
    int clipEnd = ModelFolder.open(folder).clip().endToken();
    assertEquals(clipEnd, clip.ids(longest)[CLIP_LENGTH - 1]);
  }

  @Test
  void theOrderAndTheCaseOfTheWordsChangeNoToken(@TempDir Path other) throws IOException {
    Blueprint.write(
        other,
        Sample.SIZE,
        Sample.WORDS.reversed().stream().map(word -> word.toUpperCase(Locale.ROOT)).toList());

    try (PromptTokenizer same = PromptTokenizer.open(other.resolve("tokenizer_2"), 48);
        PromptTokenizer sameClip = PromptTokenizer.open(other.resolve("tokenizer"), CLIP_LENGTH)) {
      assertArrayEquals(t5.ids("a lion on the moon"), same.ids("a lion on the moon"));
      assertArrayEquals(clip.ids("a lion on the moon"), sameClip.ids("a lion on the moon"));
    }
  }

  @Test
  void theSizesAreReadBackAsTheyWereWritten(@TempDir Path other) throws IOException {
    SchedulerConfig scheduler = new SchedulerConfig(true, 3.0, 0.4, 0.9, 32, 128);
    NanoSize size =
        NanoSize.of(16, List.of(8, 16, 32, 64, 96))
            .withLatents(0.75, -0.125)
            .withScheduler(scheduler);

    Blueprint.write(other, size, Sample.WORDS);

    ModelFolder read = ModelFolder.open(other);
    assertEquals(size.autoencoder(), read.autoencoder());
    assertEquals(scheduler, read.scheduler());
    assertEquals(64, read.transformer().channels());
    assertEquals(32, read.tokenEdge());
    assertEquals(CLIP_LENGTH, read.clip().positions());
  }

  @Test
  void withWeightsItDraws(@TempDir Path drawing) throws IOException {
    Blueprint.write(drawing, Sample.SIZE.withLatents(0.5, 0.1), Sample.WORDS);
    RandomWeights.fill(ModelFolder.open(drawing));

    try (FluxPipeline pipeline =
            FluxPipeline.open(drawing, EngineOptions.cpu(ComputeType.FLOAT32));
        Denoising run = pipeline.start(new DenoiseRequest("a fox", 64, 128, 2, 1, 0))) {
      while (!run.finished()) {
        run.step();
      }
      assertEquals(64, run.decode().width());
    }
  }

  private static long t5Piece(String letter) {
    return t5Ids("fox" + letter)[1];
  }

  /** Without the end token and the padding. */
  private static long[] t5Ids(String text) {
    return Arrays.stream(t5.ids(text)).takeWhile(id -> id != T5_END).toArray();
  }

  /** Without the start token, the end token and the padding. */
  private static long[] clipIds(String text) {
    long end = ModelFolder.open(folder).clip().endToken();
    return Arrays.stream(clip.ids(text)).skip(1).takeWhile(id -> id != end).toArray();
  }
}
