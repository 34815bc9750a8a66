package dev.polyptych.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.AdapterFacts;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The declared geometries are those of the models, and adapters are checked by them alone. */
class BuiltInGeometryTest {
  private static final Path NANO = Path.of("..", "models", "nano");

  @Test
  void aDeclaredGeometryGivesTheModelsLayers() {
    assertEquals(ModelFolder.fluxDev().transformer(), geometry("flux.1-dev"));
    assertEquals(ModelFolder.open(NANO).transformer(), geometry("nano"));
    assertEquals(ModelFolder.open(TinyModels.folder()).transformer(), geometry("tiny"));
    assertEquals(
        geometry("flux.1-dev").linearLayers().size() - 2,
        geometry("flux.1-schnell").linearLayers().size(),
        "schnell has no guidance embedder");
  }

  @Test
  void nanosAdaptersFitNanoAndNoOtherBase() throws IOException {
    for (Path adapter : adapters(NANO)) {
      AdapterFacts facts = reader("nano").check(adapter);
      assertEquals(reader("nano").read(adapter).modules(), facts.modules());
      assertEquals(facts.sha256(), AdapterReader.checkForAnyModel(adapter).sha256());
      var refused = assertThrows(AdapterException.class, () -> reader("flux.1-dev").check(adapter));
      assertTrue(refused.problemOf(adapter).startsWith("key '"), refused::getMessage);
    }
  }

  private static List<Path> adapters(Path model) throws IOException {
    try (Stream<Path> files = Files.list(model.resolve("adapters"))) {
      List<Path> adapters = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
      assertFalse(adapters.isEmpty());
      return adapters;
    }
  }

  private static AdapterReader reader(String base) {
    return new AdapterReader(geometry(base));
  }

  private static TransformerConfig geometry(String base) {
    return TransformerConfig.of(base, BaseDeclaration.builtIn(base).transformer().orElseThrow());
  }
}
