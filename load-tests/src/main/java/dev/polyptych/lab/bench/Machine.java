package dev.polyptych.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a benchmark runs on. */
public final class Machine {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The facts that figures depend on. */
  public static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("java", System.getProperty("java.runtime.version"));
    return facts;
  }

  private static String processor() {
    try {
      return Files.readAllLines(PROCESSOR).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }
}
