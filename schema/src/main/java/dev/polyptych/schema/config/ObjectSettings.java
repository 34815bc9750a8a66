package dev.polyptych.schema.config;

import java.net.URI;
import java.util.Optional;

/**
 * The object store that the processes of a cluster share.
 *
 * @param location {@code file:///folder} or {@code s3://bucket/prefix}
 * @param endpoint of a store that speaks S3's protocol and is not Amazon's
 */
public record ObjectSettings(URI location, Optional<URI> endpoint) {
  /** Whether it is a folder. A folder has no links. */
  public boolean folder() {
    return location.getScheme().equals("file");
  }
}
