import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lays the jars of the distribution out in its parts: {@code Parts LIB COMMAND BASE WORKER-JAR WORKER
 * ALL}. COMMAND and WORKER-JAR are the jars of those modules; BASE, WORKER and ALL are files with
 * class paths: of what every installation needs (it goes to LIB), of the worker (LIB/worker) and of
 * everything. The rest of everything goes to LIB/embedded. A jar lies in the first part that needs
 * it. Jars of earlier builds are deleted.
 */
class Parts {
  public static void main(String[] arguments) throws IOException {
    Path lib = Path.of(arguments[0]);
    Map<String, Path> base = jars(arguments[1], arguments[2]);
    Map<String, Path> worker = jars(arguments[3], arguments[4]);
    worker.keySet().removeAll(base.keySet());
    Map<String, Path> embedded = jars(arguments[1], arguments[5]);
    embedded.keySet().removeAll(base.keySet());
    embedded.keySet().removeAll(worker.keySet());
    lay(base, lib);
    lay(worker, lib.resolve("worker"));
    lay(embedded, lib.resolve("embedded"));
  }

  private static Map<String, Path> jars(String own, String classPath) throws IOException {
    Map<String, Path> jars = new LinkedHashMap<>();
    String all = own + File.pathSeparator + Files.readString(Path.of(classPath)).strip();
    for (String entry : all.split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (!Files.isRegularFile(jar)) {
        throw new IllegalStateException(jar + " is no jar: build all modules, with mvn package -pl cli -am");
      }
      jars.put(jar.getFileName().toString(), jar);
    }
    return jars;
  }

  private static void lay(Map<String, Path> jars, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var present = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : present) {
        if (!jars.containsKey(jar.getFileName().toString())) {
          Files.delete(jar);
        }
      }
    }
    jars.forEach((name, jar) -> copy(jar, folder.resolve(name)));
  }

  /** Times are copied, too: by them and the sizes the launcher knows the jars of its start cache. */
  private static void copy(Path jar, Path place) {
    try {
      if (!same(jar, place)) {
        Files.copy(
            jar, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static boolean same(Path jar, Path place) throws IOException {
    return Files.exists(place)
        && Files.size(jar) == Files.size(place)
        && Files.getLastModifiedTime(jar).equals(Files.getLastModifiedTime(place));
  }
}
