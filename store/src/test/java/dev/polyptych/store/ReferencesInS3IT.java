package dev.polyptych.store;

import dev.polyptych.embedded.S3Server;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.S3Objects;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ReferencesInS3IT extends ReferencesContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    server = S3Server.start("references");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  ObjectStore open(Path folder) {
    URI location = URI.create("s3://references/" + UUID.randomUUID());
    return S3Objects.open(location, Optional.of(server.endpoint()));
  }
}
