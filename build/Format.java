import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks or rewrites the format of all Java sources below a folder: {@code Format check|write FOLDER
 * CACHE}. The cache is a file of digests of formatted sources: what has not changed since is not
 * looked at again. The cache's name says which formatter it is of.
 */
class Format {
  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    Path cache = Path.of(arguments[2]);
    Set<String> known = known(cache);
    Set<String> formattedNow = new TreeSet<>();
    List<Path> unformatted = new ArrayList<>();
    for (Path file : sources(Path.of(arguments[1]))) {
      String source = Files.readString(file);
      if (known.contains(digest(source))) {
        formattedNow.add(digest(source));
        continue;
      }
      String formatted = format(source);
      if (source.equals(formatted)) {
        formattedNow.add(digest(source));
        continue;
      }
      unformatted.add(file);
      if (write) {
        Files.writeString(file, formatted);
      }
    }
    Files.write(cache, formattedNow);
    unformatted.forEach(file -> System.err.println((write ? "formatted " : "not formatted: ") + file));
    if (!write && !unformatted.isEmpty()) {
      System.err.println("run: mvn -Pformat");
      System.exit(1);
    }
  }

  private static Set<String> known(Path cache) throws IOException {
    return Files.exists(cache) ? new HashSet<>(Files.readAllLines(cache)) : Set.of();
  }

  private static String digest(String source) throws Exception {
    byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> isSource(root.relativize(file).toString()))
          .sorted()
          .toList();
    }
  }

  /** By its path below the root: the checkout itself may lie below a folder named src or target. */
  private static boolean isSource(String path) {
    return path.endsWith(".java") && path.contains("src/") && !path.contains("target/");
  }

  private static String format(String source) throws Exception {
    String imports = ImportOrderer.reorderImports(
        RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
    return new Formatter(JavaFormatterOptions.defaultOptions()).formatSource(imports);
  }
}
