package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.worker.render.RenderException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceFailuresTest {
  private static final Layout ASKED = new Layout(1, 2, 1024, 1024);
  private static final DeviceFailures FAILURES =
      new DeviceFailures(Optional.of(new Layout(1, 2, 512, 512)));

  @Test
  void tellsAnExhaustedProcessorFromOtherFailures() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      var failure =
          assertThrows(
              RenderException.class,
              () -> FAILURES.translated(ASKED, () -> manager.zeros(new Shape(1L << 50))));

      assertEquals(ErrorCode.OUT_OF_MEMORY, failure.error().code());
      assertEquals(
          "a sheet of 2048 x 1024 pixels asked for 4294967296.0 MiB, which the device does not have"
              + " free; a sheet of 1024 x 512 pixels fits; ask for a smaller layout",
          failure.error().detail());
    }
  }

  @Test
  void tellsAnExhaustedGpuByCudasWords() {
    assertMessage(
        "The following operation failed in the TorchScript interpreter.\n"
            + "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has",
        "a sheet of 2048 x 1024 pixels asked for 2.50 GiB, which");
  }

  @Test
  void leavesOutTheNativeMessageAndItsStack() {
    assertMessage(
        "shapes do not fit\n at /build/aten/src", "a sheet of 2048 x 1024 pixels failed on the");
  }

  private static void assertMessage(String thrown, String expected) {
    var failure =
        assertThrows(
            RenderException.class,
            () ->
                FAILURES.translated(
                    ASKED,
                    () -> {
                      throw new EngineException(thrown);
                    }));

    assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
    assertTrue(failure.getMessage().lines().count() == 1, failure.getMessage());
  }
}
