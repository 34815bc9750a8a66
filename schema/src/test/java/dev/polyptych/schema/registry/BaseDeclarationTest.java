package dev.polyptych.schema.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseDeclarationTest {
  @ParameterizedTest
  @ValueSource(strings = {"nano", "tiny", "flux.1-dev", "flux.1-fill-dev"})
  void aBuiltInBaseSaysWhatItsCatalogSays(String id) {
    Catalog catalog = CatalogFile.builtIn(id);
    BaseDeclaration base = BaseDeclaration.builtIn(id);

    assertEquals(catalog.model(), base.id());
    assertEquals(catalog.note(), base.note());
    assertEquals(catalog.largestSheetPixels(), base.largestSheetPixels());
    assertEquals(catalog.edge(), base.edge());
    assertEquals(catalog.conditions(), base.conditions());
  }

  @ParameterizedTest
  @CsvSource({
    "nano,       models/nano",
    "tiny,       weights/src/test/resources/tiny",
    "flux.1-dev, weights/src/main/resources/dev/polyptych/weights/model/flux.1-dev",
  })
  void aBuiltInGeometryIsThatOfTheModelsFolder(String id, String folder) throws IOException {
    ObjectNode real =
        (ObjectNode)
            Json.mapper().readTree(Path.of("..", folder, "transformer", "config.json").toFile());
    real.remove("_diffusers_version");

    assertEquals(real, BaseDeclaration.builtIn(id).transformer().orElseThrow());
  }

  @Test
  void schnellDiffersFromDevInItsGuidanceOnly() {
    ObjectNode dev = geometry("flux.1-dev");
    ObjectNode schnell = geometry("flux.1-schnell");

    assertEquals(true, dev.remove("guidance_embeds").booleanValue());
    assertEquals(false, schnell.remove("guidance_embeds").booleanValue());
    assertEquals(dev, schnell);
    assertEquals(19, schnell.get("num_layers").intValue());
    assertEquals(38, schnell.get("num_single_layers").intValue());
  }

  static final Iterable<String> BUILT_IN = BaseDeclaration.BUILT_IN;

  @ParameterizedTest
  @FieldSource("BUILT_IN")
  void aVersionKeepsItsValuesInJson(String id) throws IOException {
    BaseVersion version = new BaseVersion(1, 2, BaseDeclaration.builtIn(id), Instant.EPOCH);

    assertEquals(version, Json.mapper().readValue(Json.bytes(version), BaseVersion.class));
  }

  @Test
  void nobodyChangesAGeometry() {
    BaseDeclaration base = BaseDeclaration.builtIn("nano");

    JsonNode taken = base.transformer().orElseThrow();
    ((ObjectNode) taken).put("num_layers", 99);

    assertEquals(2, base.transformer().orElseThrow().get("num_layers").intValue());
  }

  private static ObjectNode geometry(String id) {
    return (ObjectNode) BaseDeclaration.builtIn(id).transformer().orElseThrow();
  }
}
