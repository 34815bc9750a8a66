package dev.polyptych.engine.tiny;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.tokenizers.PromptTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyModelTest {
  private static final int T5_UNKNOWN = 2;

  @TempDir Path folder;

  @Test
  void givesTheSameBytesForTheSameNames() throws IOException {
    TinyModel.write(folder.resolve("one"), List.of("a", "b"));
    TinyModel.write(folder.resolve("two"), List.of("a", "b"));

    for (Path file : files(folder.resolve("one"))) {
      Path other = folder.resolve("two").resolve(folder.resolve("one").relativize(file).toString());
      assertEquals(-1, Files.mismatch(file, other), file.toString());
    }
  }

  @Test
  void givesEachNameAnAdapterOfItsOwn() throws IOException {
    TinyModel.write(folder, List.of("a", "b"));

    assertTrue(
        Files.mismatch(
                folder.resolve("adapters/a.safetensors"), folder.resolve("adapters/b.safetensors"))
            >= 0);
  }

  @Test
  void tokenizesAnyText() throws IOException {
    TinyModel.write(folder, List.of());
    try (PromptTokenizer clip = PromptTokenizer.open(folder.resolve("tokenizer"), 77);
        PromptTokenizer t5 = PromptTokenizer.open(folder.resolve("tokenizer_2"), 512)) {
      for (String text : List.of("", "A bear.", "naïve 日本語 🎈 ¿?", "[SCENE-1] <Leo>\n\t")) {
        assertEquals(77, clip.ids(text).length);
        assertEquals(512, t5.ids(text).length);
        assertFalse(Arrays.stream(t5.ids(text)).anyMatch(id -> id == T5_UNKNOWN), text);
      }
    }
  }

  @Test
  void staysSmall() throws IOException {
    TinyModel.write(folder, List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));

    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    assertTrue(bytes < 15_000_000, bytes + " bytes");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
