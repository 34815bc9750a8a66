package dev.polyptych.dispatcher.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.store.Quotas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantsFileTest {
  @TempDir private Path folder;

  @Test
  void aTenantIsFoundByEachOfItsKeysAndByNoOther() throws IOException {
    String first = ApiKey.make(new SecureRandom());
    String second = ApiKey.make(new SecureRandom());

    Tenants tenants =
        read(
            """
            v: 1
            tenants:
              - id: studio
                keys: ["%s", "%s"]
                quotas: {submissionsPerSecond: 2.5, queuedJobs: 100, gpuSeconds: 3600, referenceBytes: 1000}
              - {id: shut-out, keys: []}
            """
                .formatted(ApiKey.digest(first), ApiKey.digest(second)));

    Quotas quotas =
        new Quotas(
            OptionalDouble.of(2.5),
            3,
            OptionalLong.of(100),
            OptionalDouble.of(3600),
            OptionalLong.of(1000));
    Optional<Tenant> studio = Optional.of(new Tenant("studio", quotas, false));
    assertEquals(studio, tenants.caller(Optional.of(first)));
    assertEquals(studio, tenants.caller(Optional.of(second)));
    assertEquals(Optional.empty(), tenants.caller(Optional.of(ApiKey.digest(first))));
    assertEquals(Optional.empty(), tenants.caller(Optional.empty()));
  }

  @Test
  void tenantsWithoutAnyKeyLetNobodyIn() throws IOException {
    Tenants tenants = read("v: 1\ntenants: [{id: shut-out, keys: []}]\n");

    assertEquals(Optional.empty(), tenants.caller(Optional.empty()));
  }

  @Test
  void everythingWrongIsToldByItsPath() {
    String wrong =
        """
        v: 1
        tenant: []
        tenants:
          - {id: "a:b", keys: [pp_secret], quotas: {queuedJobs: -1}}
          - {id: studio, keys: ["%1$s"]}
          - {id: studio, keys: ["%1$s"], weight: 2}
        """
            .formatted("0".repeat(64));

    String told = assertThrows(IllegalArgumentException.class, () -> read(wrong)).getMessage();

    assertTrue(told.contains("tenant unknown field; did you mean 'tenants'?"), told);
    assertTrue(told.contains("tenants[0].id must be 1 to 64 letters"), told);
    assertTrue(told.contains("tenants[0].keys must be SHA-256 digests"), told);
    assertTrue(told.contains("tenants[0].quotas.queuedJobs must be from 0"), told);
    assertTrue(told.contains("tenants[2].id stands twice"), told);
    assertTrue(told.contains("tenants[2].keys has one that stands twice"), told);
    assertTrue(told.contains("tenants[2].weight unknown field"), told);
    assertFalse(told.contains("pp_secret"), told);
  }

  @Test
  void aFileWithoutTenantsIsAnErrorAndNotOpenToEverybody() {
    assertThrows(IllegalArgumentException.class, () -> read("v: 1\ntenants: []\n"));
    assertThrows(IllegalArgumentException.class, () -> read("v: 1\n"));
    assertThrows(IllegalArgumentException.class, () -> read(""));
  }

  @Test
  void aFileThatIsNoYamlIsNotQuoted() {
    String told =
        assertThrows(IllegalArgumentException.class, () -> read("v: 1\nkey: [pp_secret\n"))
            .getMessage();

    assertTrue(told.contains("line"), told);
    assertFalse(told.contains("pp_secret"), told);
  }

  @Test
  void aFileThatIsNotThereIsToldByItsPath() {
    Path none = folder.resolve("none.yaml");

    String told =
        assertThrows(UncheckedIOException.class, () -> TenantsFile.read(none)).getMessage();

    assertTrue(told.contains(none.toString()), told);
  }

  @Test
  void aKeyHas256RandomBitsAndAPrefix() {
    String key = ApiKey.make(new SecureRandom());

    assertTrue(Pattern.matches("pp_[A-Za-z0-9_-]{43}", key), key);
    assertFalse(ApiKey.make(new SecureRandom()).equals(key));
  }

  private Tenants read(String yaml) throws IOException {
    return TenantsFile.read(Files.writeString(folder.resolve("tenants.yaml"), yaml));
  }
}
