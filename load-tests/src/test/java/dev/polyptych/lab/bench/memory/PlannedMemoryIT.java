package dev.polyptych.lab.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.engine.ForkedJava;
import dev.polyptych.engine.denoise.DeviceChoice;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.lab.bench.memory.MemoryBench.Sheet;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process takes of memory, beside what its plan says. */
class PlannedMemoryIT {
  private static final double NEAR = 0.1;

  @ParameterizedTest
  @CsvSource({"BFLOAT16, RESIDENT", "FLOAT8, RELEASED"})
  void aPlanSaysWithinATenthWhatAProcessTakes(String weights, String text) throws Exception {
    String printed = ForkedJava.runLaunched(OneSheet.class, weights, text);

    String report = printed.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow();
    JsonNode figures = new ObjectMapper().readTree(report).path("figures");
    double loaded = planned(figures, "weights");
    assertTrue(loaded > 5e8, figures::toString);
    assertNear(loaded + planned(figures, "reserve"), figures, "load_resident_bytes");
    assertNear(planned(figures, "peak"), figures, "decode_peak_bytes");
  }

  private static double planned(JsonNode figures, String name) {
    return figures.path("planned_" + name + "_bytes").doubleValue();
  }

  private static void assertNear(double plan, JsonNode figures, String measured) {
    double before = figures.path("before_resident_bytes").doubleValue();
    double taken = figures.path(measured).doubleValue() - before;
    assertEquals(plan, taken, NEAR * plan, measured + ": " + figures);
  }

  /** Prints the report of one sheet of a model with 0.6 G parameters. */
  static final class OneSheet {
    private OneSheet() {}

    public static void main(String[] arguments) {
      EngineOptions options =
          new EngineOptions(DeviceChoice.CPU, Optional.of(ComputeType.BFLOAT16), 2)
              .with(WeightType.valueOf(arguments[0]));
      MemoryBench bench =
          new MemoryBench(
              model(),
              options,
              new Sheet(512, 384, 1),
              Optional.of(TextPlace.valueOf(arguments[1])),
              line -> {});
      System.out.println(bench.run().json());
    }

    private static ModelFolder model() {
      ModelFolder flux = ModelFolder.fluxDev();
      return new ModelFolder(
          flux.path(),
          new TransformerConfig(
              64, 2, 2, 16, 128, 1024, flux.clip().width(), true, List.of(16, 56, 56)),
          flux.clip(),
          new T5Config(flux.t5().vocabulary(), 1024, 64, 2816, 4, 16, 32, 128, 1e-6, "gelu", true),
          new AutoencoderConfig(
              16, List.of(64, 128, 256, 256), 2, 32, 0.3611, 0.1159, true, false, false),
          flux.scheduler());
    }
  }
}
