package dev.polyptych.store;

import dev.polyptych.schema.error.LimitHit;

/** Whether a picture is kept. */
public sealed interface Shelving {
  /** It is kept, under this key. */
  record Kept(String key) implements Shelving {}

  /** It is not kept: it would exceed the tenant's limit of picture bytes. */
  record Full(LimitHit limit) implements Shelving {}
}
