package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogEntryTest {
  private static final Catalog TINY = CatalogFile.builtIn("tiny");

  @TempDir private Path folder;

  @Test
  void aCatalogOfEveryBuiltInTaskIsReadBackAsItWas() throws IOException {
    for (String name : List.of("tiny", "nano", "flux.1-dev", "flux.1-fill-dev")) {
      Catalog catalog = CatalogFile.builtIn(name);
      Path file = Files.writeString(folder.resolve(name), CatalogText.of(catalog));

      assertEquals(catalog, CatalogFile.read(file));
    }
  }

  @Test
  void whatACatalogSaysOfItsModelAndItsDefaultsIsReadBack() throws IOException {
    String said =
        builtInText()
            .replace("model: tiny\n", "model: other\nguided: false\n")
            .replaceFirst("defaults: \\{", "defaults: {reference: clean, ");
    Catalog catalog = CatalogFile.read(Files.writeString(folder.resolve("said.yaml"), said));

    Path file = Files.writeString(folder.resolve("again.yaml"), CatalogText.of(catalog));

    assertEquals(Optional.of(false), catalog.guided());
    assertTrue(catalog.tasks().getFirst().defaults().reference().isPresent());
    assertEquals(catalog, CatalogFile.read(file));
  }

  @Test
  void writesTheTaskAloneWithTheNewAdapter() {
    Path file = folder.resolve("mine.yaml");

    entry("font-design").writeAlone(file);

    Catalog alone = CatalogFile.read(file);
    assertEquals(List.of("font-design"), alone.taskIds());
    assertEquals("mine", alone.tasks().getFirst().adapter());
    assertEquals("tiny", alone.model());
  }

  @Test
  void keepsWhereTheJobsOfTheTaskGo() {
    Task task = TINY.task("font-design").orElseThrow();
    Optional<Task.Routing> routing =
        Optional.of(new Task.Routing(Optional.of(3), Optional.empty()));
    Task pinned =
        new Task(
            task.id(),
            task.title(),
            task.adapter(),
            task.layout(),
            task.template(),
            task.defaults(),
            task.example(),
            routing);
    Path file = folder.resolve("mine.yaml");

    new CatalogEntry(TINY, pinned, "mine").writeAlone(file);

    assertEquals(routing, CatalogFile.read(file).tasks().getFirst().routing());
  }

  @Test
  void replacesTheEntryAndKeepsAllElseWithItsComments() throws IOException {
    String before = builtInText();
    Path file = Files.writeString(folder.resolve("catalog.yaml"), before);

    entry("font-design").update(file);

    String after = Files.readString(file);
    assertEquals("mine", CatalogFile.read(file).task("font-design").orElseThrow().adapter());
    assertEquals(
        before,
        after
            .replace("adapter: \"mine\"", "adapter: font-design")
            .replace("title: \"Font design\"", "title: Font design"));
    assertTrue(after.startsWith("#"));
  }

  @Test
  void addsATaskThatTheFileDoesNotHold() throws IOException {
    Path file = Files.writeString(folder.resolve("catalog.yaml"), builtInText() + "# the end\n");
    entry("font-design").writeAlone(folder.resolve("font.yaml"));
    Path target = folder.resolve("font.yaml");

    entry("couple-profile").update(target);
    entry("home-decoration").update(file);

    assertEquals(List.of("font-design", "couple-profile"), CatalogFile.read(target).taskIds());
    assertTrue(Files.readString(file).endsWith("# the end\n"));
  }

  @Test
  void writesACatalogAnewThatIsWrittenInAnotherWay() throws IOException {
    Task task = TINY.task("font-design").orElseThrow();
    Path file =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            tasks:
              - title: Font design
                id: font-design
                adapter: font-design
                layout: {rows: 2, columns: 2, panelWidth: 96, panelHeight: 64}
                template: "%s"
                defaults: {steps: 20, guidance: 3.5, adapterScale: 1.0}
                example: {prompt: "a", panels: [a, b, c, d]}
            v: 1
            model: tiny
            note: none
            """
                .formatted(task.template()));

    entry("font-design").update(file);

    Catalog read = CatalogFile.read(file);
    assertEquals("mine", read.tasks().getFirst().adapter());
    assertEquals(1, read.tasks().size());
    assertEquals("none", read.note());
    assertFalse(Files.exists(folder.resolve("catalog.yaml.part")));
  }

  @Test
  void theEntryCanBePastedIntoAList() throws IOException {
    String yaml = entry("font-design").yaml();
    Path file =
        Files.writeString(
            folder.resolve("pasted.yaml"), "v: 1\nmodel: m\nnote: n\ntasks:\n" + yaml);

    assertEquals("mine", CatalogFile.read(file).task("font-design").orElseThrow().adapter());
  }

  private static CatalogEntry entry(String task) {
    return new CatalogEntry(TINY, TINY.task(task).orElseThrow(), "mine");
  }

  private static String builtInText() throws IOException {
    try (var yaml = Catalog.class.getResourceAsStream("tiny.yaml")) {
      return new String(yaml.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
