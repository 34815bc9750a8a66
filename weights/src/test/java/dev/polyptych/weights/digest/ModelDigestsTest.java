package dev.polyptych.weights.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDigestsTest {
  private static final FileTime THEN = FileTime.from(Instant.ofEpochSecond(1_000_000));

  @TempDir private Path folder;
  private Path model;
  private Path other;
  private Path weights;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("model"));
    other = Files.createDirectories(folder.resolve("other"));
    weights = Files.createDirectories(model.resolve("vae")).resolve("weights.safetensors");
    Files.writeString(model.resolve("model_index.json"), "{}");
    Files.writeString(model.resolve("README.md"), "not loaded");
    change("one");
  }

  @Test
  void theDigestIsThatOfTheLinesOfSha256sum() {
    // Given
    String lines =
        Sha256.of("{}".getBytes(UTF_8))
            + "  model_index.json\n"
            + Sha256.of("one".getBytes(UTF_8))
            + "  vae/weights.safetensors\n";
    // When
    String digest = ModelDigests.start(model).together();
    // Then
    assertEquals(Sha256.of(lines.getBytes(UTF_8)), digest);
    assertEquals(digest, ModelDigests.cached(model, other).together());
    assertEquals(digest, ModelDigests.cached(model, other).together());
  }

  @Test
  void aFileOfTheSameSizeAndTimeIsNotReadAgain() throws IOException {
    // Given
    String before = ModelDigests.cached(model, other).together();
    // When
    change("two");
    // Then
    assertEquals(before, ModelDigests.cached(model, other).together());
    assertNotEquals(before, ModelDigests.start(model).together());
  }

  @Test
  void aFileOfAnotherTimeOrSizeIsReadAgain() throws IOException {
    // Given
    ModelDigests.cached(model, other);
    // When
    change("two");
    Files.setLastModifiedTime(weights, FileTime.from(THEN.toInstant().plusNanos(1)));
    String later = ModelDigests.cached(model, other).together();
    change("longer");
    String longer = ModelDigests.cached(model, other).together();
    // Then
    change("two");
    assertEquals(ModelDigests.start(model).together(), later);
    change("longer");
    assertEquals(ModelDigests.start(model).together(), longer);
  }

  @Test
  void whereTheModelCantBeWrittenTheOtherFolderHoldsWhatIsKnown() throws IOException {
    // Given a folder in the place of the file, which no user can replace by one
    Files.createDirectories(model.resolve(".digests").resolve("taken"));
    // When
    String before = ModelDigests.cached(model, other).together();
    change("two");
    String after = ModelDigests.cached(model, other).together();
    // Then
    assertEquals(before, after);
    try (Stream<Path> files = Files.list(other)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void whereNothingCanBeWrittenItIsComputedEachTime() throws IOException {
    // Given
    Files.createDirectories(model.resolve(".digests").resolve("taken"));
    Path nowhere = other.resolve("absent");
    // When
    ModelDigests.cached(model, nowhere);
    change("two");
    String after = ModelDigests.cached(model, nowhere).together();
    // Then
    assertEquals(ModelDigests.start(model).together(), after);
    assertFalse(Files.exists(nowhere));
  }

  @Test
  void aCacheThatSomebodyElseWroteIsNoHarm() throws IOException {
    // Given
    Files.writeString(model.resolve(".digests"), "no digest at all\n" + "0".repeat(64) + " x\n");
    // When
    String digest = ModelDigests.cached(model, other).together();
    // Then
    assertEquals(ModelDigests.start(model).together(), digest);
    assertTrue(Files.readString(model.resolve(".digests")).contains("weights.safetensors"));
  }

  private void change(String content) throws IOException {
    Files.writeString(weights, content);
    Files.setLastModifiedTime(weights, THEN);
  }
}
