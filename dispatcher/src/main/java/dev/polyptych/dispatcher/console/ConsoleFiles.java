package dev.polyptych.dispatcher.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The console's files by their path below {@code /console/}. The page has the empty path; browsers
 * request it again each time. The other files are below a digest of all of them, so browsers may
 * cache them forever and never mix two versions.
 */
public final class ConsoleFiles {
  /** Allows nothing from other origins and nothing inline. No text may become markup. */
  public static final String SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'";

  private static final String PAGE = "index.html";
  private static final List<String> ASSETS =
      List.of(
          "icon.svg",
          "console.css",
          "theme.js",
          "main.js",
          "adapters.js",
          "api.js",
          "chart.js",
          "curl.js",
          "dom.js",
          "events.js",
          "fleet.js",
          "form.js",
          "format.js",
          "job.js",
          "jobs.js",
          "render.js",
          "sheet.js",
          "timeline.js",
          "zip.js");

  /** The placeholder for the digest in the page. */
  private static final String VERSION = "{version}";

  private final Map<String, PageFile> files = new HashMap<>();

  private ConsoleFiles() {
    MessageDigest all = PageFile.sha256();
    ASSETS.forEach(name -> all.update(PageFile.resource(name)));
    String version = HexFormat.of().formatHex(all.digest()).substring(0, 16);
    for (String name : ASSETS) {
      files.put(
          version + "/" + name,
          PageFile.of(name, PageFile.resource(name), "public, max-age=31536000, immutable"));
    }
    String page = new String(PageFile.resource(PAGE), UTF_8).replace(VERSION, version);
    files.put("", PageFile.of(PAGE, page.getBytes(UTF_8), PageFile.ASK_AGAIN));
  }

  /** Reads all files into memory. */
  public static ConsoleFiles load() {
    return new ConsoleFiles();
  }

  /**
   * @param path below {@code /console/}; empty for the page
   */
  public Optional<PageFile> at(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /** Paths of all files, below {@code /console/}. */
  public List<String> paths() {
    return files.keySet().stream().sorted().toList();
  }
}
