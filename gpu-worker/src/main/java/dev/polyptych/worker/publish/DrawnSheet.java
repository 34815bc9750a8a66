package dev.polyptych.worker.publish;

import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.worker.receipt.Provenance;
import java.util.Optional;

/**
 * A finished sheet.
 *
 * @param provenance absent where the engine can't tell
 */
public record DrawnSheet(SheetPixels pixels, Optional<Provenance> provenance) {}
