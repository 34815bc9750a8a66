package dev.polyptych.schema.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * One immutable version of a base's declaration.
 *
 * @param number from 1, running for each id
 */
public record BaseVersion(
    @JsonProperty("v") int version, int number, BaseDeclaration base, Instant createdAt) {
  public static final int VERSION = 1;

  /**
   * @throws IllegalArgumentException naming the wrong field
   */
  public BaseVersion {
    RegistryName.checkVersion(version);
    RegistryName.checkedNumber(number);
  }

  @JsonIgnore
  public String id() {
    return base.id();
  }
}
