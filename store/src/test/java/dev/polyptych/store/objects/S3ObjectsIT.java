package dev.polyptych.store.objects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.S3Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3ObjectsIT extends ObjectStoreContract {
  private static S3Server server;
  private S3Objects store;

  @BeforeAll
  static void startServer() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    server = S3Server.start("pictures");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    store = at("s3://pictures/" + UUID.randomUUID(), server.endpoint());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static S3Objects at(String location, URI endpoint) {
    return S3Objects.open(URI.create(location), Optional.of(endpoint));
  }

  @Override
  ObjectStore store() {
    return store;
  }

  @Test
  void aLinkNeedsNoCredentialsAndNobodyElseReads() throws Exception {
    // Given
    store.put("panel.png", ObjectContent.of(new byte[] {1, 2, 3}, "image/png"));
    URI link = store.link("panel.png", Duration.ofMinutes(1)).orElseThrow();
    URI unsigned = URI.create(link.toString().replaceAll("\\?.*", ""));
    try (HttpClient http = HttpClient.newHttpClient()) {
      // When
      var signed = http.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray());
      var bare = http.send(HttpRequest.newBuilder(unsigned).build(), BodyHandlers.discarding());
      // Then
      assertEquals(200, signed.statusCode());
      assertEquals(3, signed.body().length);
      assertEquals(Optional.of("image/png"), signed.headers().firstValue("content-type"));
      assertEquals(403, bare.statusCode());
    }
  }

  @Test
  void aMissingBucketIsNoMissingObject() {
    try (S3Objects other = at("s3://no-such-bucket/x", server.endpoint())) {
      var refused = assertThrows(ObjectsUnavailableException.class, () -> other.get("a"));
      assertTrue(
          refused.getMessage().contains("make the bucket no-such-bucket"), refused::getMessage);
    }
  }

  @Test
  void aStoreThatDoesNotListenIsUnavailableWithTheRemedy() {
    URI nobody = URI.create("http://127.0.0.1:" + FreePort.next());
    try (S3Objects away = at("s3://pictures/x", nobody)) {
      var refused = assertThrows(ObjectsUnavailableException.class, () -> away.get("a"));
      assertTrue(refused.getMessage().contains("objectsEndpoint"), refused::getMessage);
    }
  }
}
