package dev.polyptych.schema.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.error.Checked;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"tiny, 10", "flux.1-dev, 10", "nano, 5"})
  void theBuiltInCatalogsHaveTheirTasksAndTheExamplesResolve(String name, int tasks) {
    Catalog catalog = CatalogFile.builtIn(name);

    assertEquals(tasks, catalog.tasks().size());
    assertEquals(name, catalog.model());
    JobResolver resolver = new JobResolver(catalog);
    for (Task task : catalog.tasks()) {
      var checked = resolver.resolve("j-1", request(task));
      assertEquals(Checked.Valid.class, checked.getClass(), checked::toString);
    }
  }

  @Test
  void anUnknownKeyIsToldWithItsFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"), "v: 1\nmodel: m\nnote: n\ntasks: []\nextra: 1\n");

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains("extra"), refused::getMessage);
    assertTrue(refused.getMessage().contains("c.yaml"), refused::getMessage);
  }

  @Test
  void aTaskThatContradictsItselfIsNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            v: 1
            model: m
            note: n
            tasks:
              - id: pair
                title: Pair
                adapter: pair
                layout: {rows: 1, columns: 2, panelWidth: 64, panelHeight: 64}
                template: "{prompt} {panel1}"
                defaults: {steps: 4, guidance: 3.5, adapterScale: 1.0}
                example: {prompt: p, panels: [a]}
            """);

    var refused = assertThrows(UncheckedIOException.class, () -> CatalogFile.read(file));

    assertTrue(refused.getMessage().contains("pair: layout, template"), refused::getMessage);
  }

  private static JobRequest request(Task task) {
    return new JobRequest(
        task.id(),
        task.example().prompt(),
        task.example().panels(),
        OptionalLong.of(1),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
