package dev.polyptych.dispatcher.source;

import dev.polyptych.schema.error.FieldProblem;
import java.nio.file.Path;

/** What became of a fetch. */
public sealed interface Fetched {
  /**
   * The bytes are here.
   *
   * @param file a temporary file; whoever fetched deletes it
   * @param sha256 of its bytes, in hexadecimal
   */
  record File(Path file, String sha256, long bytes) implements Fetched {}

  /** The caller must change something. */
  record Refused(FieldProblem problem) implements Fetched {}

  /** The source does not answer now. The same request may succeed later. */
  record Unavailable(FieldProblem problem) implements Fetched {}
}
