package dev.polyptych.lab.bench.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.engine.graph.TorchScriptArchive;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphFolderTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    GraphFolder.write(folder, CatalogFile.builtIn("flux.1-dev"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformer", "t5", "autoencoder", "weights"})
  void anArchiveIsTheOneThatTheEngineLoads(String graph) throws IOException {
    try (InputStream engines = TorchScriptArchive.of(graph)) {
      assertArrayEquals(engines.readAllBytes(), Files.readAllBytes(folder.resolve(graph + ".pt")));
    }
  }

  @Test
  void aWrittenArchiveLoadsFromDiskAndRuns() throws Exception {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Model model = Model.newInstance("autoencoder", Device.cpu(), "PyTorch")) {
      model.load(folder, "autoencoder");

      NDArray pixels = pixels(model, manager, manager.create(new float[6], new Shape(1, 3, 1, 2)));

      assertEquals(new Shape(1, 2, 3), pixels.getShape());
      assertEquals(DataType.UINT8, pixels.getDataType());
      assertEquals(128, pixels.toUint8Array()[0]);
    }
  }

  /** The graph's {@code pixels}: grey for zeros. */
  private static NDArray pixels(Model model, NDManager manager, NDArray picture) {
    try (IValue argument = IValue.from((PtNDArray) picture);
        IValue result =
            IValueUtils.runMethod((PtSymbolBlock) model.getBlock(), "pixels", argument)) {
      return result.toTensor((PtNDManager) manager);
    }
  }

  @Test
  void configurationsAreFluxDevs() {
    ModelFolder written = ModelFolder.open(folder.resolve("flux.1-dev"));

    assertEquals(ModelFolder.fluxDev().transformer(), written.transformer());
    assertEquals(ModelFolder.fluxDev().autoencoder(), written.autoencoder());
    assertEquals(ModelFolder.fluxDev().scheduler(), written.scheduler());
  }

  @Test
  void theFileOfTasksHasTheirSheets() throws IOException {
    JsonNode tasks = new ObjectMapper().readTree(folder.resolve("tasks.json").toFile());

    assertEquals(10, tasks.size());
    JsonNode storyboard = tasks.get(1);
    assertEquals("film-storyboard", storyboard.path("id").textValue());
    assertEquals(1024, storyboard.path("width").intValue());
    assertEquals(1536, storyboard.path("height").intValue());
    assertEquals(20, storyboard.path("steps").intValue());
    assertEquals(3.5, storyboard.path("guidance").doubleValue());
  }

  @Test
  void theFileOfPlansHasEachWayThatASheetMayBeDrawn() throws IOException {
    JsonNode plans = new ObjectMapper().readTree(folder.resolve("plans.json").toFile());

    // Two types of weights; text encoders in three places, two of them also with the modulation
    // in host memory; two ways of decoding.
    assertEquals(10 * 2 * 8, plans.size());
    JsonNode first = plans.get(0);
    assertEquals("bfloat16", first.path("weights").textValue());
    assertEquals("resident", first.path("text").textValue());
    long weights = 0;
    for (String part : List.of("transformer", "modulation", "text", "autoencoder")) {
      weights += first.path("use").path(part).longValue();
    }
    assertEquals(33.9e9, (double) weights, 0.1e9);
  }
}
