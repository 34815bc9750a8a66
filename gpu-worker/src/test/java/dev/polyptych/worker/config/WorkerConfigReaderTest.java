package dev.polyptych.worker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.policy.schedule.ScheduleRules;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.worker.config.EngineSettings.ComputeChoice;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigReaderTest {
  private static final long MEGABYTE = 1024L * 1024;

  @Test
  void whatIsNotSaidHasTheseDefaults() {
    // When
    WorkerConfig config = read(Map.of("model", "models/tiny"));
    // Then
    assertTrue(config.workerId().endsWith("-" + ProcessHandle.current().pid()));
    assertEquals(
        new Connections(
            "localhost:9092",
            KafkaSecurity.NONE,
            "polyptych.gpu-workers.nano",
            "range",
            URI.create("redis://localhost:6379")),
        config.connections());
    assertEquals(
        new EngineSettings(
            Path.of("models/tiny"),
            CatalogFile.builtIn(CatalogFile.BUILT_IN_MODEL),
            ComputeChoice.AUTO,
            0,
            Optional.empty(),
            new AdapterSettings(
                2048 * MEGABYTE,
                1024 * MEGABYTE,
                0,
                Set.of(),
                Duration.ofSeconds(60),
                Path.of(System.getProperty("java.io.tmpdir"), "polyptych-adapters"),
                20_000 * MEGABYTE)),
        config.engine());
    assertEquals(
        new QueueSettings(
            128,
            Duration.ofSeconds(15),
            new ScheduleRules(4, Duration.ofSeconds(60), 4),
            Duration.ofSeconds(2)),
        config.queue());
    assertEquals(Retention.DEFAULT, config.retention());
    assertEquals("127.0.0.1", config.bindHost());
    assertEquals(8082, config.managementPort());
    assertEquals(Duration.ofSeconds(5), config.checkpointEvery());
    assertEquals(
        new HealthSettings(Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(15)),
        config.health());
  }

  @Test
  void anAdapterMayNotTakeLongerThanAStuckDevice() {
    // When
    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () -> read(Map.of("model", "m", "adapterReadSeconds", "90", "stuckSeconds", "60")));
    // Then
    assertTrue(wrong.getMessage().contains("stuckSeconds"), wrong.getMessage());
    assertTrue(wrong.getMessage().contains("adapterReadSeconds, 90"), wrong.getMessage());
  }

  @Test
  void pinnedAdaptersAreAListWithCommas() {
    // When
    WorkerConfig config =
        read(Map.of("model", "m", "pinnedAdapters", "a, b,", "adapterMergeMegabytes", "3"));
    // Then
    assertEquals(Set.of("a", "b"), config.engine().adapters().pinned());
    assertEquals(3 * MEGABYTE, config.engine().adapters().mergeBytes());
  }

  @Test
  void stepsAreReusedOnlyWhereThatIsAskedFor() {
    // When
    WorkerConfig config = read(Map.of("model", "m", "stepCache", "first-block:0.1"));
    // Then
    assertEquals(
        Optional.of(new StepCache(StepCache.Method.FIRST_BLOCK, 0.1)), config.engine().stepCache());
  }

  @Test
  void imagesGoToTheObjectStoreOnlyWhereThatIsAskedFor() {
    // When
    WorkerConfig silent = read(Map.of("model", "m", "objects", "file:///data/objects"));
    WorkerConfig asked =
        read(
            Map.of(
                "model",
                "m",
                "objects",
                "s3://pictures/cluster",
                "objectsEndpoint",
                "http://minio:9000",
                "results",
                "objects"));
    // Then
    assertFalse(silent.resultsInObjects());
    assertTrue(silent.objects().orElseThrow().folder());
    assertTrue(asked.resultsInObjects());
    assertEquals(
        Optional.of(
            new ObjectSettings(
                URI.create("s3://pictures/cluster"), Optional.of(URI.create("http://minio:9000")))),
        asked.objects());
  }

  @Test
  void imagesCantGoToAnObjectStoreThatIsNotNamed() {
    // When
    ConfigException wrong =
        assertThrows(ConfigException.class, () -> read(Map.of("model", "m", "results", "objects")));
    // Then
    assertEquals(
        "results: objects needs the setting objects, such as s3://bucket/prefix",
        wrong.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "objects,file:relative",
    "objects,/data/objects",
    "objects,s3://Bucket/x",
    "objects,s3://b",
    "objects,s3://user:secret@bucket/x",
    "objects,https://bucket.s3.amazonaws.com",
    "objectsEndpoint,minio:9000",
    "objectsEndpoint,http://user:secret@minio:9000"
  })
  void anAddressOfAnObjectStoreThatIsNoneIsRefusedWithoutItsText(String key, String value) {
    // When
    ConfigException wrong =
        assertThrows(ConfigException.class, () -> read(Map.of("model", "m", key, value)));
    // Then
    assertTrue(wrong.getMessage().startsWith(key + ": must be "), wrong.getMessage());
    assertFalse(wrong.getMessage().contains("secret"), wrong.getMessage());
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    // Given
    Map<String, String> flags =
        Map.of(
            "capactiy",
            "8",
            "redis",
            "nonsense",
            "computeType",
            "int8",
            "streakQuantum",
            "0",
            "stepCache",
            "first-block");
    // When
    ConfigException refused = assertThrows(ConfigException.class, () -> read(flags));
    // Then
    String message = refused.getMessage();
    assertTrue(message.contains("capactiy: unknown field; did you mean 'capacity'?"), message);
    assertTrue(message.contains("redis: must be redis://"), message);
    assertTrue(message.contains("computeType: must be one of auto, float32, bfloat16"), message);
    assertTrue(message.contains("streakQuantum: must be from 1 to 1000"), message);
    assertTrue(
        message.contains("stepCache: must be none, or first-block or teacache with a threshold"),
        message);
    assertTrue(message.contains("model: is missing"), message);
  }

  @Test
  void thePasswordOfRedisIsNeverPrinted() {
    // When
    WorkerConfig config = read(Map.of("model", "m", "redis", "redis://user:secret@host:1"));
    // Then
    assertEquals("user:secret", config.connections().redis().getUserInfo());
    assertFalse(config.toString().contains("secret"), config.toString());
  }

  private static WorkerConfig read(Map<String, String> flags) {
    return WorkerConfigReader.read(Sources.of(flags));
  }
}
