package dev.polyptych.worker.render.flux;

import ai.djl.engine.EngineException;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.worker.render.RenderException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Translates failures of the device to error codes. */
final class DeviceFailures {
  /** PyTorch reports exhausted memory only in the message: CUDA's texts, then the CPU's. */
  private static final List<String> EXHAUSTED =
      List.of("out of memory", "can't allocate memory", "not enough memory");

  private DeviceFailures() {}

  /**
   * @throws RenderException for a failure inside PyTorch
   */
  static <T> T translated(Supplier<T> call) {
    try {
      return call.get();
    } catch (EngineException failed) {
      String message = String.valueOf(failed.getMessage());
      String lower = message.toLowerCase(Locale.ROOT);
      boolean memory = EXHAUSTED.stream().anyMatch(lower::contains);
      ErrorCode code = memory ? ErrorCode.OUT_OF_MEMORY : ErrorCode.RENDER_FAILED;
      // The other lines are the native stack.
      String first = message.lines().findFirst().orElse("");
      throw new RenderException(code, code.title() + ": " + first, failed);
    }
  }
}
