package dev.polyptych.schema;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Python and the TypeScript client hold types that were generated from the contract. */
class ClientTypesTest {
  private static final Path CONTRACT =
      Path.of("src/main/resources/dev/polyptych/schema/openapi.yaml");

  @ParameterizedTest
  @ValueSource(strings = {"python/src/polyptych/models.py", "typescript/src/contract.ts"})
  void theTypesOfClientsAreThoseOfTheContract(String file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(CONTRACT));

    String heading = Files.readAllLines(Path.of("../clients", file)).getFirst();

    assertTrue(
        heading.contains(HexFormat.of().formatHex(digest)),
        () -> file + " was generated from another openapi.yaml; run clients/generate");
  }
}
