package dev.polyptych.dispatcher.console;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The contract in YAML and JSON, and a page that shows it, by their paths. */
public final class ContractFiles {
  public static final String YAML = "/openapi.yaml";
  public static final String JSON = "/openapi.json";
  public static final String PAGE = "/docs/";

  private final Map<String, PageFile> files = new TreeMap<>();

  private ContractFiles() throws IOException {
    byte[] yaml = contract();
    byte[] json = Json.bytes(new YAMLMapper().readTree(yaml));
    files.put(YAML, PageFile.of(YAML, yaml, PageFile.ASK_AGAIN));
    files.put(JSON, PageFile.of(JSON, json, PageFile.ASK_AGAIN));
    put(PAGE, "contract.html");
    put(PAGE + "contract.css", "contract.css");
    put(PAGE + "contract.js", "contract.js");
  }

  /** Reads all files into memory. */
  public static ContractFiles load() {
    try {
      return new ContractFiles();
    } catch (IOException broken) {
      throw new UncheckedIOException("openapi.yaml", broken);
    }
  }

  /**
   * @param path from the root of the service
   */
  public Optional<PageFile> at(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private void put(String path, String resource) {
    files.put(path, PageFile.of(resource, PageFile.resource(resource), PageFile.ASK_AGAIN));
  }

  private static byte[] contract() throws IOException {
    try (InputStream yaml =
        ErrorCode.class.getResourceAsStream("/dev/polyptych/schema/openapi.yaml")) {
      return yaml.readAllBytes();
    }
  }
}
