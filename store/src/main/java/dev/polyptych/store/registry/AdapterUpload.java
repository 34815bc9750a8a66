package dev.polyptych.store.registry;

import dev.polyptych.schema.registry.AdapterContent;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An adapter whose bytes are on this machine and were checked.
 *
 * @param owner the tenant whose it is; empty for all tenants
 * @param base id of the base that it was tuned for
 * @param file must not change before it is stored
 * @param sha256 of the file
 * @param content what the check found
 * @param source where the bytes came from; empty for an upload
 */
public record AdapterUpload(
    String name,
    Optional<String> owner,
    String base,
    Path file,
    String sha256,
    AdapterContent content,
    Optional<String> source) {}
