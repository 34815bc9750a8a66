package dev.polyptych.store;

import dev.polyptych.schema.error.LimitHit;

/** Whether a picture is kept. */
public sealed interface Shelving {
  /** It is, under this key. */
  record Kept(String key) implements Shelving {}

  /** It is not: the tenant's pictures take as many bytes as they may. */
  record Full(LimitHit limit) implements Shelving {}
}
