package dev.polyptych.training.tune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists folders of training sets, in order and without files that file managers create. */
final class SetFolder {
  private static final Set<String> LEFTOVERS = Set.of("__macosx", "thumbs.db", "desktop.ini");
  private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "webp", "gif");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(SetFolder::sortable).thenComparing(Comparator.naturalOrder());

  private SetFolder() {}

  /** Entries, sorted by name; numbers in names are sorted as numbers. */
  static List<Path> entries(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(entry -> !leftover(entry)).sorted(BY_NAME).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("can't list " + folder, unreadable);
    }
  }

  static boolean picture(Path file) {
    return PICTURES.contains(extension(file));
  }

  static boolean text(Path file) {
    return extension(file).equals("txt");
  }

  /** The name without extension. */
  static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static boolean leftover(Path entry) {
    String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.startsWith(".") || LEFTOVERS.contains(name);
  }

  private static String sortable(Path entry) {
    return NUMBER
        .matcher(entry.getFileName().toString().toLowerCase(Locale.ROOT))
        .replaceAll(
            number ->
                Matcher.quoteReplacement(
                    "0".repeat(Math.max(0, 20 - number.group().length())) + number.group()));
  }
}
