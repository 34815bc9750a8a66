package dev.polyptych.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSecurityTest {
  @TempDir Path folder;

  @Test
  void aClientReadsTheSecretThatTheFileNames() throws IOException {
    // Given
    Files.writeString(folder.resolve("sasl.jaas.config"), "log on as me");
    Path file =
        Files.writeString(
            folder.resolve("client.properties"),
            """
            security.protocol=SASL_SSL
            sasl.mechanism=SCRAM-SHA-512
            sasl.jaas.config=${dir:%s:sasl.jaas.config}
            config.providers=dir
            config.providers.dir.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
            config.providers.dir.param.allowed.paths=%s
            """
                .formatted(folder, folder));
    // When
    Map<String, Object> settings =
        KafkaSecurity.read(file)
            .with(
                Map.of(
                    "bootstrap.servers",
                    "localhost:9092",
                    "acks",
                    "all",
                    "key.serializer",
                    "org.apache.kafka.common.serialization.ByteArraySerializer",
                    "value.serializer",
                    "org.apache.kafka.common.serialization.ByteArraySerializer"));
    // Then
    ProducerConfig client = new ProducerConfig(settings);
    assertEquals("SASL_SSL", client.getString("security.protocol"));
    assertEquals(new Password("log on as me"), client.getPassword("sasl.jaas.config"));
    assertEquals("-1", client.getString("acks"));
  }

  @Test
  void whatOurClientsRelyOnCanNotBeSet() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new KafkaSecurity(Map.of("acks", "0", "group.id", "x", "ssl.protocol", "TLS")));

    assertTrue(refused.getMessage().startsWith("remove acks, group.id;"), refused.getMessage());
  }

  @Test
  void noValueIsEverPrinted() {
    KafkaSecurity security = new KafkaSecurity(Map.of("sasl.jaas.config", "secret"));

    assertEquals("KafkaSecurity[sasl.jaas.config]", security.toString());
  }

  @Test
  void aFileThatIsNotThereIsToldWithItsKey() {
    Settings.Sources sources = Settings.Sources.of(Map.of("kafkaProperties", "/no/such/file"));

    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                Settings.read(sources, List.of(Setting.KAFKA_PROPERTIES), Settings::kafkaSecurity));

    assertTrue(refused.getMessage().contains("kafkaProperties: "), refused.getMessage());
    assertTrue(refused.getMessage().contains("/no/such/file"), refused.getMessage());
    assertFalse(refused.getMessage().contains("Exception"), refused.getMessage());
  }
}
