package dev.polyptych.embedded;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/**
 * A server of S3's protocol that keeps its objects in memory and checks signatures. Who starts it,
 * a test or a drill, needs the library s3proxy, which no distribution holds.
 */
public final class S3Server implements AutoCloseable {
  /** What a client logs on with. */
  public static final String ACCESS_KEY = "polyptych";

  public static final String SECRET_KEY = "polyptych-secret";

  private final BlobStore objects;
  private final S3Proxy server;

  private S3Server(BlobStore objects, S3Proxy server) {
    this.objects = objects;
    this.server = server;
  }

  /** Starts one on a free port, with a bucket. */
  public static S3Server start(String bucket) throws Exception {
    BlobStore objects = new TransientNio2BlobStore();
    objects.createContainer(bucket);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:" + FreePort.next()))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
    return new S3Server(objects, server);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
      objects.close();
    } catch (Exception failed) {
      throw new IllegalStateException("the S3 server did not stop", failed);
    }
  }
}
