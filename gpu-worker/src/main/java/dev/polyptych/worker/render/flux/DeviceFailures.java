package dev.polyptych.worker.render.flux;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.denoise.NotFiniteException;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.worker.render.RenderException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates failures of the device to error codes.
 *
 * @param fits the largest sheet that is known to fit
 */
record DeviceFailures(Optional<Layout> fits) {
  /** PyTorch reports exhausted memory only in the message: CUDA's texts, then the CPU's. */
  private static final List<String> EXHAUSTED =
      List.of("out of memory", "can't allocate memory", "not enough memory");

  private static final Pattern ASKED =
      Pattern.compile("tried to allocate ([\\d.]+) ?(bytes|[KMGT]i?B)", Pattern.CASE_INSENSITIVE);

  private static final String LOG = "; the operator finds more in the worker's log";

  /**
   * @param what is being drawn or loaded, for the message
   * @throws RenderException for a failure inside PyTorch
   */
  <T> T translated(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (NotFiniteException overflowed) {
      throw RenderException.lasting(
          ErrorCode.RENDER_FAILED,
          what + " " + overflowed.getMessage() + "; use a smaller adapterScale or guidance",
          overflowed);
    } catch (EngineException failed) {
      String message = String.valueOf(failed.getMessage());
      String lower = message.toLowerCase(Locale.ROOT);
      // The message holds the native stack and this machine's paths. The log has all of it.
      throw EXHAUSTED.stream().anyMatch(lower::contains)
          ? new RenderException(ErrorCode.OUT_OF_MEMORY, exhausted(what, message), failed)
          : new RenderException(
              ErrorCode.RENDER_FAILED, what + " failed on the device" + LOG, failed);
    }
  }

  /** As {@link #translated(String, Supplier)}, for a sheet. */
  <T> T translated(Layout sheet, Supplier<T> call) {
    return translated("a sheet of " + size(sheet), call);
  }

  private String exhausted(String what, String message) {
    Matcher asked = ASKED.matcher(message);
    String amount = asked.find() ? "asked for " + amount(asked) : "asked for more memory";
    String remedy =
        fits.map(sheet -> "a sheet of " + size(sheet) + " fits; ask for a smaller layout")
            .orElse("ask for a smaller layout");
    return "%s %s, which the device does not have free; %s".formatted(what, amount, remedy);
  }

  private static String amount(Matcher asked) {
    return asked.group(2).equalsIgnoreCase("bytes")
        ? "%.1f MiB".formatted(Double.parseDouble(asked.group(1)) / (1 << 20))
        : asked.group(1) + " " + asked.group(2);
  }

  private static String size(Layout sheet) {
    return "%d x %d pixels".formatted(sheet.sheetWidth(), sheet.sheetHeight());
  }
}
