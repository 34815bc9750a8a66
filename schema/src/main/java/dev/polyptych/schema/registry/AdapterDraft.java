package dev.polyptych.schema.registry;

import java.util.Optional;

/**
 * An adapter as somebody asks for it without sending bytes.
 *
 * @param base id of the base that it was tuned for
 * @param source where its bytes are: {@code https://}, {@code s3://}, {@code hf://} or {@code
 *     file:}
 * @param sha256 that the bytes must have; empty for any
 */
public record AdapterDraft(String base, String source, Optional<String> sha256) {}
