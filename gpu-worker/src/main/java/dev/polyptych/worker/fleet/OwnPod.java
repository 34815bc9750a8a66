package dev.polyptych.worker.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The pod of this worker on the API server. Writes one annotation, through the subresource {@code
 * status}, whose permission does not allow to change what the pod runs.
 */
final class OwnPod implements AutoCloseable {
  static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI address;
  private final Path account;
  private final HttpClient http;

  private OwnPod(URI address, Path account, HttpClient http) {
    this.address = address;
    this.account = account;
    this.http = http;
  }

  /**
   * Empty where this is no pod, or one without a token of the API server.
   *
   * @param account folder in which Kubernetes mounts {@code token}, {@code ca.crt}, {@code
   *     namespace}
   * @param name of the pod
   * @throws IOException when what is mounted can't be read
   */
  static Optional<OwnPod> find(Map<String, String> environment, Path account, String name)
      throws IOException {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    if (host == null || !Files.exists(account.resolve("token"))) {
      return Optional.empty();
    }
    String namespace = Files.readString(account.resolve("namespace")).strip();
    URI address =
        URI.create(
            "https://%s:%s/api/v1/namespaces/%s/pods/%s/status"
                .formatted(
                    host.contains(":") ? "[" + host + "]" : host,
                    environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"),
                    namespace,
                    name));
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(trusting(account.resolve("ca.crt")))
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    return Optional.of(new OwnPod(address, account, http));
  }

  /**
   * Blocks for some seconds at most.
   *
   * @throws IOException when the API server does not take it
   */
  void deletionCost(int cost) throws IOException, InterruptedException {
    // Read each time: the token is replaced while the pod runs.
    String token = Files.readString(account.resolve("token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                BodyPublishers.ofString(
                    "{\"metadata\":{\"annotations\":{\"%s\":\"%d\"}}}".formatted(ANNOTATION, cost)))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("PATCH " + address + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private static SSLContext trusting(Path authorities) throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null);
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException unusable) {
      throw new IOException(authorities + " has no usable certificates", unusable);
    }
  }
}
