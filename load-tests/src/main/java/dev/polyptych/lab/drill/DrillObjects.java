package dev.polyptych.lab.drill;

import dev.polyptych.embedded.S3Server;
import dev.polyptych.schema.config.ObjectSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** A server of S3's protocol in this JVM, and the connection to it that the drills break. */
public final class DrillObjects implements AutoCloseable {
  private static final String BUCKET = "drill";
  private static final URI LOCATION = URI.create("s3://" + BUCKET + "/cluster");

  private final S3Server server;
  private final TcpProxy wire = TcpProxy.open();

  private DrillObjects(S3Server server) {
    this.server = server;
    wire.leadTo(server.endpoint().getPort());
  }

  /** Starts it. The audit in this JVM logs on by system properties, which this sets. */
  public static DrillObjects start() {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    try {
      return new DrillObjects(S3Server.start(BUCKET));
    } catch (Exception failed) {
      throw new IllegalStateException("the S3 server can't be started", failed);
    }
  }

  TcpProxy wire() {
    return wire;
  }

  /** Where the cluster finds it. */
  public ObjectSettings address() {
    return new ObjectSettings(LOCATION, Optional.of(URI.create("http://127.0.0.1:" + wire.port())));
  }

  /** What the cluster's processes log on with: variables of their environment. */
  public static Map<String, String> credentials() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
  }

  @Override
  public void close() {
    wire.close();
    server.close();
  }
}
