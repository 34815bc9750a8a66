package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.sheet.PanelCutter;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetsTest {
  private static final Task STORYBOARD =
      CatalogFile.builtIn("tiny").task("film-storyboard").orElseThrow();
  private static final String CAPTION = "[MOVIE-SHOTS] a fox [SCENE-1] a [SCENE-2] b [SCENE-3] c";

  @TempDir private Path folder;

  @Test
  void readsPanelsOfASubfolderInTheOrderOfTheirNumbers() {
    panels("0001", "2.png", "1.png", "10.png");
    Collage.plain(128, 64).write(folder.resolve("0001/1.png"));
    Collage.stacked(128, 64, 64, 0).write(folder.resolve("0001/10.png"));

    TrainingSet set = TrainingSets.read(folder, STORYBOARD).sets().getFirst();

    assertEquals("0001", set.name());
    assertEquals(CAPTION, set.caption());
    List<SheetPixels> cut = PanelCutter.cut(set.sheet(), STORYBOARD.layout());
    SheetPixels same = cut.get(0);
    assertArrayEquals(same.rgb(), cut.get(1).rgb());
    assertNotEquals(same.rgb()[0], cut.get(2).rgb()[0]);
  }

  @Test
  void readsSheetsWithGapsAndIgnoresWhatMacOsLeaves() throws IOException {
    sheet("0001");
    sheet("0002");
    Files.createDirectories(folder.resolve("__MACOSX"));
    Files.writeString(folder.resolve("__MACOSX/._0001.jpg"), "?");
    Files.writeString(folder.resolve("._0001.jpg"), "?");
    Files.writeString(folder.resolve(".DS_Store"), "?");

    TrainingSets sets = TrainingSets.read(folder, STORYBOARD);

    assertEquals(2, sets.sets().size());
    assertEquals(List.of("2 sets are few"), starts(sets.warnings(), 14));
    SheetPixels pixels = sets.sets().getFirst().sheet();
    assertEquals("128x192", pixels.width() + "x" + pixels.height());
    assertTrue((pixels.rgb()[0] & 255) > 150, "the first panel is red, was " + pixels.rgb()[0]);
    for (byte value : pixels.rgb()) {
      assertTrue((value & 255) < 235, "white of a gap is left");
    }
  }

  @Test
  void bringsACaptionOntoOneLineAndTakesTheByteOrderMarkAway() throws IOException {
    sheet("0001");
    Files.writeString(folder.resolve("0001.txt"), "\uFEFF" + CAPTION.replace(" [", "\r\n[") + "\n");

    assertEquals(CAPTION, TrainingSets.read(folder, STORYBOARD).sets().getFirst().caption());
  }

  @Test
  void tellsEverythingWrongWithAFolderAtOnce() throws IOException {
    panels("few", "1.png", "2.png");
    panels("silent", "1.png", "2.png", "3.png");
    Files.delete(folder.resolve("silent/caption.txt"));
    sheet("broken");
    Files.write(folder.resolve("broken.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
    sheet("text");
    Files.writeString(folder.resolve("text.jpg"), "meow");
    sheet("empty");
    Files.writeString(folder.resolve("empty.txt"), " \n");
    sheet("latin");
    Files.write(folder.resolve("latin.txt"), "é".getBytes(StandardCharsets.ISO_8859_1));
    sheet("twice");
    Collage.plain(128, 192).write(folder.resolve("twice.png"));
    sheet("tiny");
    Collage.plain(20, 20).write(folder.resolve("tiny.jpg"));

    String message = problems();

    assertTells(message, "few has 2 pictures, but film-storyboard has 3 panels; give one picture");
    assertTells(
        message, "silent has no caption; write it to " + folder.resolve("silent/caption.txt"));
    assertTells(message, "broken.jpg has a size that can't be read");
    assertTells(message, "text.jpg is no PNG, JPEG, WebP or GIF; convert it");
    assertTells(message, "empty.txt is empty; describe the set");
    assertTells(message, "latin.txt can't be read as UTF-8");
    assertTells(message, "twice.png stands beside another picture of the same name; keep one");
    assertTells(message, "tiny.jpg is too small");
    assertEquals(9, message.lines().count(), message);
  }

  @Test
  void namesMissingRepeatedAndMisplacedMarkers() throws IOException {
    caption("lacking", "[MOVIE-SHOTS] a [SCENE-1] b [SCENE-3] c");
    caption("misspelt", "[MOVIE-SHOTS] a [SCENE-1] b [scene-2] c [SCENE-3] d");
    caption("repeated", CAPTION + " [SCENE-3] again");
    caption("misplaced", "[MOVIE-SHOTS] a [SCENE-2] b [SCENE-1] c [SCENE-3] d");
    caption("good", CAPTION + " in the style of [noir]");

    String message = problems();

    assertTells(
        message, "lacking.txt lacks the marker [SCENE-2]; a caption of this task holds [MOV");
    assertTells(message, "misspelt.txt lacks the marker [SCENE-2]; is [scene-2] meant to be it?");
    assertTells(message, "repeated.txt has the marker [SCENE-3] 2 times; keep one");
    assertTells(
        message, "order [MOVIE-SHOTS] [SCENE-2] [SCENE-1] [SCENE-3]; put them in the order");
    assertEquals(5, message.lines().count(), message);
  }

  @Test
  void warnsOfSmallPicturesAndUnknownFilesAndGoesOn() throws IOException {
    IntStream.range(0, 20).forEach(i -> sheet("%04d".formatted(i)));
    panels("small", "1.png", "2.png", "3.png");
    Collage.plain(60, 40).write(folder.resolve("small/2.png"));
    Files.writeString(folder.resolve("small/notes.md"), "?");
    Files.writeString(folder.resolve("README.md"), "?");
    Files.writeString(folder.resolve("lone.txt"), "?");
    Files.createDirectories(folder.resolve("nothing"));

    TrainingSets sets = TrainingSets.read(folder, STORYBOARD);

    assertEquals(21, sets.sets().size());
    String warnings = String.join("\n", sets.warnings());
    assertTells(warnings, "2.png gives 60 x 40 pixels for a panel of 128 x 64");
    assertTells(warnings, "notes.md is no picture, nor caption.txt; it is not used");
    assertTells(warnings, "README.md is neither picture nor caption; it is not used");
    assertTells(warnings, "lone.txt has no picture beside it; it is not used");
    assertTells(warnings, "nothing holds no panel set; it is not used");
    assertEquals(5, sets.warnings().size(), warnings);
  }

  @Test
  void warnsOfMoreThanAHundredSets() {
    IntStream.range(0, 101).forEach(i -> sheet("%04d".formatted(i)));

    assertEquals(
        List.of("101 sets are many"), starts(TrainingSets.read(folder, STORYBOARD).warnings(), 17));
  }

  @Test
  void anEmptyOrMissingFolderIsAnError() {
    assertTells(problems(), "there is no panel set in it; a set is a subfolder");
    Path nowhere = folder.resolve("nowhere");
    TrainingSetsException missing =
        assertThrows(TrainingSetsException.class, () -> TrainingSets.read(nowhere, STORYBOARD));
    assertTells(missing.getMessage(), "there is no such folder");
  }

  @Test
  void holdsTheSameSetsOutForTheSameSeedAndLeavesOneToTrainOn() {
    IntStream.range(0, 10).forEach(i -> sheet("%04d".formatted(i)));
    TrainingSets sets = TrainingSets.read(folder, STORYBOARD);

    TrainingSets.Split split = sets.split(0.2, 5);

    assertEquals(2, split.validation().size());
    assertEquals(8, split.training().size());
    assertEquals(split, sets.split(0.2, 5));
    assertNotEquals(split, sets.split(0.2, 6));
    assertEquals(1, sets.split(1, 5).training().size());
    assertEquals(0, sets.split(0, 5).validation().size());
  }

  private String problems() {
    return assertThrows(TrainingSetsException.class, () -> TrainingSets.read(folder, STORYBOARD))
        .getMessage();
  }

  private void panels(String set, String... pictures) {
    for (String picture : pictures) {
      Collage.plain(128, 64).write(folder.resolve(set).resolve(picture));
    }
    writeCaption(folder.resolve(set).resolve("caption.txt"), CAPTION);
  }

  private void sheet(String name) {
    Collage.stacked(140, 72, 6, 8, 5, 6).write(folder.resolve(name + ".jpg"));
    writeCaption(folder.resolve(name + ".txt"), CAPTION);
  }

  private void caption(String name, String text) throws IOException {
    sheet(name);
    Files.writeString(folder.resolve(name + ".txt"), text);
  }

  private static void writeCaption(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private static List<String> starts(List<String> texts, int length) {
    return texts.stream().map(text -> text.substring(0, length)).toList();
  }

  private static void assertTells(String message, String expected) {
    assertTrue(message.contains(expected), message);
  }
}
