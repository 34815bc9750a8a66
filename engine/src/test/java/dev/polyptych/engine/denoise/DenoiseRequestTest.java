package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.catalog.Layout;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenoiseRequestTest {
  @ParameterizedTest
  @CsvSource({
    "0, 64, 4, 3.5, width and height must be positive",
    "64, -16, 4, 3.5, width and height must be positive",
    "64, 64, 0, 3.5, steps must be positive",
    "64, 64, 4, -1, guidance must be finite",
    "64, 64, 4, NaN, guidance must be finite"
  })
  void namesTheFieldThatIsWrong(int width, int height, int steps, double guidance, String fault) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new DenoiseRequest("x", width, height, steps, guidance, 1));

    assertTrue(refusal.getMessage().startsWith(fault), refusal.getMessage());
  }

  @Test
  void refusesAReferenceOfAnotherSize() {
    DenoiseRequest request = new DenoiseRequest("x", 64, 96, 4, 3.5, 1);
    SheetPixels small = new SheetPixels(64, 64, new byte[3 * 64 * 64]);
    ReferenceSheet reference = new ReferenceSheet(small, new Layout(1, 1, 64, 64), Set.of(), 1);

    var refusal = assertThrows(IllegalArgumentException.class, () -> request.from(reference));

    assertEquals("reference must have the sheet's size, 64x96, was 64x64", refusal.getMessage());
  }

  @Test
  void leavesOneProcessorToTheRestOfTheProcess() {
    int processors = Runtime.getRuntime().availableProcessors();

    assertEquals(Math.max(1, processors - 1), EngineOptions.automatic().threads());
    assertEquals(
        3, new EngineOptions(DeviceChoice.CPU, Optional.of(ComputeType.FLOAT32), 3).threads());
  }

  @Test
  void refusesANegativeNumberOfThreads() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EngineOptions(DeviceChoice.AUTO, Optional.empty(), -1));
  }
}
