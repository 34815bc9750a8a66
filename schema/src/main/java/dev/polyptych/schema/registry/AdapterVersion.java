package dev.polyptych.schema.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * One immutable version of an adapter. What never changes is in its manifest; {@code content} is
 * added when its bytes are in the object store.
 *
 * @param number from 1, running for each name and owner
 * @param base id of the base that it was tuned for
 * @param sha256 of its bytes
 * @param source where its bytes come from; empty for an upload
 * @param owner the tenant whose it is; empty for all tenants
 * @param content empty while it is only declared
 */
public record AdapterVersion(
    @JsonProperty("v") int version,
    String name,
    int number,
    String base,
    String sha256,
    Optional<String> source,
    Optional<String> owner,
    Instant createdAt,
    Optional<AdapterContent> content) {
  public static final int VERSION = 1;

  /** Whether the bytes are here. */
  public enum State {
    /** The object store has the bytes. */
    HELD,
    /** Only source and digest are known. The bytes come when somebody fetches them. */
    DECLARED
  }

  /**
   * @throws IllegalArgumentException naming the wrong field
   */
  public AdapterVersion {
    RegistryName.checkVersion(version);
    RegistryName.checked("name", name);
    RegistryName.checkedNumber(number);
    RegistryName.checked("base", base);
    RegistryName.checkedSha256("sha256", sha256);
    source = source == null ? Optional.empty() : source;
    owner = owner == null ? Optional.empty() : owner;
    content = content == null ? Optional.empty() : content;
  }

  @JsonIgnore
  public State state() {
    return content.isPresent() ? State.HELD : State.DECLARED;
  }

  /** The same version with what is known of its bytes. */
  public AdapterVersion with(Optional<AdapterContent> known) {
    return new AdapterVersion(version, name, number, base, sha256, source, owner, createdAt, known);
  }

  /** The same with another number. */
  public AdapterVersion numbered(int other) {
    return new AdapterVersion(
        version, name, other, base, sha256, source, owner, createdAt, content);
  }

  /** {@code name@number}. */
  @JsonIgnore
  public AdapterReference reference() {
    return AdapterReference.version(name, number);
  }
}
