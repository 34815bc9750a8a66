package dev.polyptych.store.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Objects of a bucket of S3 or a store that speaks its protocol. Credentials and region come from
 * the SDK's default chain: environment, profile, service account, instance. A call tries three
 * times, which takes some 20 s at most plus a second for each MiB.
 */
public final class S3Objects implements ObjectStore {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TRY_TIMEOUT = Duration.ofSeconds(6);
  private static final int TRIES = 3;

  /** The slowest upload that is waited for. */
  private static final long BYTES_A_SECOND = 1 << 20;

  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int EXISTS = 412;
  private static final int AT_THE_SAME_TIME = 409;

  private final String bucket;
  private final String prefix;
  private final String where;
  private final S3Client client;
  private final S3Presigner presigner;

  private S3Objects(URI location, Optional<URI> endpoint) {
    this.bucket = location.getHost();
    String path = location.getPath().replaceAll("^/+|/+$", "");
    this.prefix = path.isEmpty() ? "" : path + "/";
    this.where = location + endpoint.map(host -> " at " + host).orElse("");
    Region region = endpoint.isPresent() ? regionOr(Region.US_EAST_1) : regionOr(null);
    S3Configuration style =
        S3Configuration.builder()
            .pathStyleAccessEnabled(endpoint.isPresent())
            .chunkedEncodingEnabled(false)
            .build();
    this.client =
        S3Client.builder()
            .endpointOverride(endpoint.orElse(null))
            .region(region)
            .serviceConfiguration(style)
            // Stores other than Amazon's know few of the newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(all -> all.retryStrategy(retry -> retry.maxAttempts(TRIES)))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(SOCKET_TIMEOUT))
            .build();
    this.presigner =
        S3Presigner.builder()
            .endpointOverride(endpoint.orElse(null))
            .region(region)
            .serviceConfiguration(style)
            .build();
  }

  /**
   * Connects at first use.
   *
   * @param location {@code s3://bucket/prefix}; the prefix may be missing
   * @param endpoint of a store that is not Amazon's; its buckets are then part of the path
   * @throws IllegalStateException when no region is known, with the remedy
   */
  public static S3Objects open(URI location, Optional<URI> endpoint) {
    return new S3Objects(location, endpoint);
  }

  private static Region regionOr(Region other) {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException none) {
      if (other == null) {
        throw new IllegalStateException(
            "objects: no region is known for the bucket; set the environment variable AWS_REGION",
            none);
      }
      return other;
    }
  }

  @Override
  public void put(String key, ObjectContent content) {
    put(key, content, request -> {});
  }

  @Override
  public boolean create(String key, ObjectContent content) {
    try {
      put(key, content, request -> request.ifNoneMatch("*"));
      return true;
    } catch (ObjectsUnavailableException refused) {
      if (refused.getCause() instanceof S3Exception answer
          && (answer.statusCode() == EXISTS || answer.statusCode() == AT_THE_SAME_TIME)) {
        return false;
      }
      throw refused;
    }
  }

  private void put(
      String key, ObjectContent content, Consumer<PutObjectRequest.Builder> condition) {
    call(
        () ->
            client.putObject(
                request ->
                    request
                        .bucket(bucket)
                        .key(full(key))
                        .contentType(content.mediaType())
                        .overrideConfiguration(within(content.length()))
                        .applyMutation(condition),
                RequestBody.fromContentProvider(
                    () -> {
                      try {
                        return content.source().open();
                      } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                      }
                    },
                    content.length(),
                    content.mediaType())));
  }

  @Override
  public Optional<StoredObject> get(String key) {
    return opened(full(key));
  }

  private Optional<StoredObject> opened(String fullKey) {
    return found(
        () -> {
          ResponseInputStream<GetObjectResponse> bytes =
              client.getObject(
                  request -> request.bucket(bucket).key(fullKey).overrideConfiguration(within(0)));
          // Closing would first read what is left.
          return new StoredObject(bytes.response().contentLength(), bytes, bytes::abort);
        });
  }

  /** As {@link #get}, for any key that S3 allows: a bucket that others write has other keys. */
  public Optional<StoredObject> open(String anyKey) {
    return opened(prefix + anyKey);
  }

  @Override
  public OptionalLong size(String key) {
    return found(
            () ->
                client
                    .headObject(
                        request ->
                            request.bucket(bucket).key(full(key)).overrideConfiguration(within(0)))
                    .contentLength())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  @Override
  public void delete(String key) {
    call(
        () ->
            client.deleteObject(
                request -> request.bucket(bucket).key(full(key)).overrideConfiguration(within(0))));
  }

  @Override
  public void list(String keyPrefix, Consumer<Entry> entries) {
    call(
        () -> {
          client
              .listObjectsV2Paginator(
                  request ->
                      request
                          .bucket(bucket)
                          .prefix(prefix + keyPrefix)
                          .overrideConfiguration(within(0)))
              .contents()
              .forEach(
                  object ->
                      entries.accept(
                          new Entry(
                              object.key().substring(prefix.length()),
                              object.size(),
                              object.lastModified())));
          return true;
        });
  }

  @Override
  public Optional<URI> link(String key, Duration valid) {
    return Optional.of(
        call(
            () ->
                URI.create(
                    presigner
                        .presignGetObject(
                            signing ->
                                signing
                                    .signatureDuration(valid)
                                    .getObjectRequest(
                                        request -> request.bucket(bucket).key(full(key))))
                        .url()
                        .toString())));
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public void close() {
    presigner.close();
    client.close();
  }

  private String full(String key) {
    return prefix + ObjectKey.checked(key);
  }

  private static AwsRequestOverrideConfiguration within(long bytes) {
    Duration once = TRY_TIMEOUT.plusSeconds(bytes / BYTES_A_SECOND);
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(once)
        .apiCallTimeout(once.multipliedBy(TRIES).plus(CONNECT_TIMEOUT))
        .build();
  }

  /** Empty if there is no such object. */
  private <T> Optional<T> found(Supplier<T> request) {
    try {
      return Optional.of(call(request));
    } catch (ObjectsUnavailableException refused) {
      if (refused.getCause() instanceof S3Exception answer
          && answer.statusCode() == NOT_FOUND
          && !(answer instanceof NoSuchBucketException)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private <T> T call(Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException | UncheckedIOException refused) {
      throw new ObjectsUnavailableException(
          "%s: %s; %s".formatted(where, refused.getMessage(), remedy(refused)), refused);
    }
  }

  private String remedy(RuntimeException refused) {
    if (refused instanceof NoSuchBucketException) {
      return "make the bucket " + bucket + ", or correct the setting objects";
    }
    if (refused instanceof S3Exception answer) {
      return answer.statusCode() == FORBIDDEN
          ? "give these credentials s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket"
          : "look at the store";
    }
    return "look at the network, the credentials (AWS_ACCESS_KEY_ID, a service account) and the"
        + " setting objectsEndpoint";
  }
}
