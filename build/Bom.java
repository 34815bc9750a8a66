import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes bom.json of the distribution, its bill of materials in CycloneDX form: {@code Bom FOLDER
 * VERSION}. It has each jar below FOLDER/lib with its digest, and with coordinates and licences as
 * FOLDER/THIRD-PARTY.txt tells them; our own are of VERSION. A jar that is not listed ends the build.
 */
class Bom {
  /** For example: (EPL-2.0) (LGPL-2.1-only) Logback (ch.qos.logback:logback-core:1.6.7 - http://…) */
  private static final Pattern LISTED =
      Pattern.compile("^ *((?:\\([^()]+\\) )+).* \\(([^:() ]+):([^: ]+):([^ ]+) - .*\\)$");

  private static final Pattern LICENCE = Pattern.compile("\\(([^()]+)\\)");
  private static final Pattern JAR = Pattern.compile("(.*?)(?:-(linux-[a-z0-9_]+))?\\.jar");

  private record Library(String group, String name, String version, List<String> licences) {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    String version = arguments[1];
    Map<String, Library> listed = listed(folder.resolve("THIRD-PARTY.txt"));
    List<String> components = new ArrayList<>();
    for (Path jar : jars(folder.resolve("lib"))) {
      Matcher name = JAR.matcher(jar.getFileName().toString());
      name.matches();
      String own = name.group(1).replaceFirst("-" + Pattern.quote(version) + "$", "");
      Library library =
          own.startsWith("polyptych-")
              ? new Library("dev.polyptych", own, version, List.of("Apache-2.0"))
              : listed.get(name.group(1));
      if (library == null) {
        throw new IllegalStateException("THIRD-PARTY.txt does not list " + jar.getFileName());
      }
      components.add(component(library, name.group(2), digest(jar)));
    }
    Files.writeString(
        folder.resolve("bom.json"),
        """
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
         "metadata": {"component": {"type": "application", "group": "dev.polyptych", "name": "polyptych", "version": "%s"}},
         "components": [
        %s
        ]}
        """
            .formatted(version, String.join(",\n", components)));
  }

  private static Map<String, Library> listed(Path list) throws IOException {
    Map<String, Library> listed = new TreeMap<>();
    for (String line : Files.readAllLines(list)) {
      Matcher found = LISTED.matcher(line);
      if (found.matches()) {
        List<String> licences =
            LICENCE.matcher(found.group(1)).results().map(licence -> licence.group(1)).toList();
        listed.put(
            found.group(3) + "-" + found.group(4),
            new Library(found.group(2), found.group(3), found.group(4), licences));
      }
    }
    return listed;
  }

  private static List<Path> jars(Path lib) throws IOException {
    try (var files = Files.walk(lib)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static String component(Library library, String classifier, String digest) {
    String address =
        "pkg:maven/%s/%s@%s?%stype=jar"
            .formatted(
                library.group,
                library.name,
                library.version,
                classifier == null ? "" : "classifier=" + classifier + "&");
    return """
          {"type": "library", "bom-ref": "%s", "group": "%s", "name": "%s", "version": "%s", "purl": "%s",
           "hashes": [{"alg": "SHA-256", "content": "%s"}], "licenses": [%s]}"""
        .formatted(
            address,
            library.group,
            library.name,
            library.version,
            address,
            digest,
            library.licences.stream().map(Bom::licence).collect(Collectors.joining(", ")));
  }

  /** SPDX has an identifier for each licence in the list but this one. */
  private static String licence(String name) {
    String key = name.equals("Public Domain") ? "name" : "id";
    return "{\"license\": {\"%s\": \"%s\"}}".formatted(key, name);
  }

  private static String digest(Path jar) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(jar)));
  }
}
