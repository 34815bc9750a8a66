package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.worker.render.RenderException;
import org.junit.jupiter.api.Test;

class DeviceFailuresTest {
  @Test
  void tellsAnExhaustedProcessorFromOtherFailures() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      var failure =
          assertThrows(
              RenderException.class,
              () -> DeviceFailures.translated(() -> manager.zeros(new Shape(1L << 50))));

      assertTrue(
          failure.getMessage().startsWith("The device ran out of memory: "), failure.getMessage());
    }
  }

  @Test
  void tellsAnExhaustedGpuByCudasWords() {
    assertMessage("CUDA out of memory. Tried to allocate 2 GiB\nstack", "The device ran out of");
  }

  @Test
  void leavesOutTheNativeStack() {
    assertMessage("shapes do not fit\n at somewhere", "Rendering failed: shapes do not fit");
  }

  private static void assertMessage(String thrown, String expected) {
    var failure =
        assertThrows(
            RenderException.class,
            () ->
                DeviceFailures.translated(
                    () -> {
                      throw new EngineException(thrown);
                    }));

    assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
    assertTrue(failure.getMessage().lines().count() == 1, failure.getMessage());
  }
}
