package dev.polyptych.cli;

import java.util.List;

/**
 * Commands that another module adds to {@code polyptych}. The module names its implementation in
 * {@code META-INF/services}. If the module is not installed, its commands do not exist.
 */
public interface Extension {
  /** New objects annotated with picocli's {@code @Command}. */
  List<Object> commands();
}
