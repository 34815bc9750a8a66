package dev.polyptych.worker.publish;

import dev.polyptych.engine.sheet.SheetPixels;
import java.util.Optional;

/**
 * A finished sheet.
 *
 * @param provenance absent where the engine does not know
 */
public record DrawnSheet(SheetPixels pixels, Optional<Provenance> provenance) {}
