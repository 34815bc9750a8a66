import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks or rewrites the format of all Java sources below a folder: {@code Format check|write FOLDER}. */
class Format {
  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    List<Path> unformatted = new ArrayList<>();
    for (Path file : sources(Path.of(arguments[1]))) {
      String source = Files.readString(file);
      String formatted = format(source);
      if (source.equals(formatted)) {
        continue;
      }
      unformatted.add(file);
      if (write) {
        Files.writeString(file, formatted);
      }
    }
    unformatted.forEach(file -> System.err.println((write ? "formatted " : "not formatted: ") + file));
    if (!write && !unformatted.isEmpty()) {
      System.err.println("run: mvn -Pformat");
      System.exit(1);
    }
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
