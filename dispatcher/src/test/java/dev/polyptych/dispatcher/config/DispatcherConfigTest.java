package dev.polyptych.dispatcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.source.SourceRules;
import dev.polyptych.dispatcher.tenant.Tenants;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Settings.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherConfigTest {
  @TempDir Path folder;

  @Test
  void nothingSaidMeansTheseDefaults() {
    DispatcherConfig config = DispatcherConfig.read(Sources.of(Map.of()));

    assertEquals(
        new DispatcherConfig(
            "127.0.0.1",
            8080,
            8081,
            "localhost:9092",
            "range",
            KafkaSecurity.NONE,
            URI.create("redis://localhost:6379"),
            CatalogFile.builtIn(CatalogFile.BUILT_IN_MODEL),
            262_144,
            32,
            Retention.DEFAULT,
            Optional.empty(),
            false,
            false,
            256,
            Duration.ofSeconds(30),
            100_000,
            Tenants.OPEN,
            new SourceRules(
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                SourceRules.HUB,
                Optional.empty(),
                4_096_000_000L,
                Duration.ofMinutes(10)),
            new CallbackSettings(List.of(), List.of(), Duration.ofHours(24))),
        config);
  }

  @Test
  void environmentGoesOverTheFileAndFlagsOverBoth() throws IOException {
    Path file = Files.writeString(folder.resolve("dispatcher.yaml"), "port: 1\npartitions: 4\n");
    Map<String, String> environment =
        Map.of("POLYPTYCH_PORT", "2", "POLYPTYCH_MANAGEMENT_PORT", "3");

    DispatcherConfig config =
        DispatcherConfig.read(
            new Sources(Optional.of(file), environment, Map.of("managementPort", "4")));

    assertEquals(
        List.of(2, 4, 4), List.of(config.port(), config.managementPort(), config.partitions()));
  }

  @Test
  void everythingWrongIsToldTogetherByItsKey() {
    Map<String, String> flags =
        Map.of(
            "port", "70000",
            "bindhost", "0.0.0.0",
            "redis", "http://cache",
            "bootstrapServers", "kafka",
            "catalog", "huge",
            "bodyLimitBytes", "many",
            "resultHours", "48",
            "recordHours", "24",
            "callbackSecret", "whsec_c2hvcnQ=",
            "callbackAllow", "10.0.0.0/33");

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> DispatcherConfig.read(Sources.of(flags)));

    assertEquals(
        """
        bindhost: unknown field; did you mean 'bindHost'?
        port: must be from 0 to 65535, not 70000
        bootstrapServers: must be host:port, or several with commas between
        redis: must be redis://[user:password@]host:port, or rediss:// for TLS
        catalog: must be nano, tiny, flux.1-dev or the path of a YAML file; there is no built-in catalog \
        called huge
        bodyLimitBytes: must be an integer, not string
        recordHours: must be at least resultHours, 48
        callbackSecret: must be whsec_ and 24 to 64 bytes in base 64, as this makes it: \
        echo whsec_$(openssl rand -base64 32); two with a comma between while one replaces the other
        callbackAllow: must be address ranges such as 10.1.0.0/16,fc00::/7; '10.0.0.0/33' has more \
        than 32 bits\
        """,
        wrong.getMessage());
  }

  @Test
  void linksAreSignedForABucketAlone() {
    Map<String, String> bucket = Map.of("objects", "s3://pictures", "resultLinks", "signed");
    Map<String, String> shared = Map.of("objects", "file:///objects", "resultLinks", "signed");

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> DispatcherConfig.read(Sources.of(shared)));

    assertEquals(true, DispatcherConfig.read(Sources.of(bucket)).signedLinks());
    assertEquals(
        "resultLinks: signed needs objects: s3://bucket/prefix; otherwise set stream",
        wrong.getMessage());
  }

  @Test
  void aCatalogFileThatCanNotBeReadIsToldByItsPath() {
    Map<String, String> flags = Map.of("catalog", folder.resolve("none.yaml").toString());

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> DispatcherConfig.read(Sources.of(flags)));

    assertEquals(
        true,
        wrong.getMessage().contains(folder.resolve("none.yaml").toString()),
        wrong::getMessage);
  }

  @Test
  void theRedisPasswordIsNeverPrinted() {
    Map<String, String> flags = Map.of("redis", "redis://polyptych:secret@cache:6379");

    DispatcherConfig config = DispatcherConfig.read(Sources.of(flags));

    assertFalse(config.toString().contains("secret"));
  }

  @Test
  void anAddressThatOthersReachNeedsTenantsOrTheWordThatItIsOpen() {
    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () -> DispatcherConfig.read(Sources.of(Map.of("bindHost", "0.0.0.0"))));

    assertTrue(wrong.getMessage().startsWith("bindHost: 0.0.0.0 lets other machines call"));
    assertTrue(wrong.getMessage().contains("tenants: tenants.yaml"), wrong.getMessage());
    assertTrue(wrong.getMessage().contains("openMode: true"), wrong.getMessage());
  }

  @Test
  void openModeMustBeAskedForAndThenWorksAnywhere() {
    Map<String, String> flags = Map.of("bindHost", "0.0.0.0", "openMode", "true");

    assertEquals(Tenants.OPEN, DispatcherConfig.read(Sources.of(flags)).tenants());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
  void loopbackNeedsNeither(String host) {
    DispatcherConfig config = DispatcherConfig.read(Sources.of(Map.of("bindHost", host)));

    assertEquals(Tenants.OPEN, config.tenants());
  }

  @Test
  void tenantsAndOpenModeContradictEachOther() throws IOException {
    Path file =
        Files.writeString(folder.resolve("tenants.yaml"), "v: 1\ntenants: [{id: a, keys: []}]\n");
    Map<String, String> flags = Map.of("tenants", file.toString(), "openMode", "true");

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> DispatcherConfig.read(Sources.of(flags)));

    assertTrue(wrong.getMessage().startsWith("openMode: contradicts"), wrong.getMessage());
  }

  @Test
  void whatIsWrongInTheTenantsFileIsToldWithTheKey() {
    Map<String, String> flags = Map.of("tenants", folder.resolve("none.yaml").toString());

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> DispatcherConfig.read(Sources.of(flags)));

    assertTrue(wrong.getMessage().startsWith("tenants: "), wrong.getMessage());
  }
}
