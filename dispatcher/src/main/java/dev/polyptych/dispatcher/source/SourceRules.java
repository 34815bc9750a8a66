package dev.polyptych.dispatcher.source;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator allows sources to reach.
 *
 * @param internalHosts {@code host} or {@code host:port}; they may be reached without TLS and at
 *     addresses that are not public
 * @param buckets that may be read with this process's credentials
 * @param s3Endpoint of a store that is not Amazon's
 * @param folders that {@code file:} sources may lie in, at any depth
 * @param hub address of the Hugging Face Hub or a mirror; its host counts as internal if it is not
 *     the Hub's own
 * @param hubToken sent to the hub only
 * @param mostBytes of one adapter
 * @param timeout of one fetch, from its start to its last byte
 */
public record SourceRules(
    List<String> internalHosts,
    List<String> buckets,
    Optional<URI> s3Endpoint,
    List<Path> folders,
    URI hub,
    Optional<String> hubToken,
    long mostBytes,
    Duration timeout) {
  public static final URI HUB = URI.create("https://huggingface.co");

  public SourceRules {
    internalHosts = internalHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    buckets = List.copyOf(buckets);
    folders = List.copyOf(folders);
    if (mostBytes < 1 || !timeout.isPositive()) {
      throw new IllegalArgumentException("mostBytes and timeout: must be positive");
    }
  }

  /** Whether a URL's host is one of the operator's own. */
  boolean internal(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    boolean mirror = !hub.equals(HUB) && sameOrigin(url, hub);
    return mirror || internalHosts.contains(host) || internalHosts.contains(host + ":" + port(url));
  }

  /** Whether two URLs lead to one server, over the same protocol. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI url) {
    int usual = url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return url.getPort() < 0 ? usual : url.getPort();
  }

  /** The token is never printed. */
  @Override
  public String toString() {
    return "sources: internal hosts %s, buckets %s, folders %s, hub %s, at most %d bytes in %s"
        .formatted(internalHosts, buckets, folders, hub, mostBytes, timeout);
  }
}
