package dev.polyptych.dispatcher.address;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * The destination of a request: the checked address of its URL's host. The client connects to that
 * address. It does not look up the name again, because the result could have changed.
 *
 * @param host as written in the URL; for {@code Host} and TLS
 * @param path includes the query
 */
public record Target(InetAddress address, boolean tls, String host, int port, String path) {
  /** Looks up the addresses of a host. */
  public interface Names {
    /** At least one address. A literal address yields itself. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** The target of a URL, or why it can't be called. */
  public sealed interface Found {
    record At(Target target) implements Found {}

    /** No request may go to this host. */
    record Forbidden(String why) implements Found {}

    /** The host has no address now; it may have one later. */
    record Unknown(String why) implements Found {}
  }

  /** The literal address in a URL; empty if the host is a name. */
  public static Optional<InetAddress> literal(URI url) {
    try {
      return Optional.of(InetAddress.ofLiteral(bare(url.getHost())));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  /**
   * Whether a URL's host is an address that other programs may read differently. The JDK reads
   * {@code 010.0.0.1} as 10.0.0.1, most C libraries as 8.0.0.1.
   */
  public static boolean ambiguous(URI url) {
    return literal(url).isPresent() && !AddressRange.unambiguous(bare(url.getHost()));
  }

  /**
   * Blocks while it looks up the host's name. All addresses must pass the guard, because another
   * program may get any of them.
   *
   * @param tries so far; each try takes the next address
   */
  public static Found find(URI url, int tries, Names names, AddressGuard guard) {
    if (ambiguous(url)) {
      return new Found.Forbidden("its host is an ambiguous address");
    }
    try {
      InetAddress[] addresses = names.addresses(bare(url.getHost()));
      for (InetAddress address : addresses) {
        Optional<String> refused = guard.refused(address);
        if (refused.isPresent()) {
          return new Found.Forbidden("its host has a " + refused.get() + " address");
        }
      }
      return new Found.At(at(url, addresses[Math.floorMod(tries - 1, addresses.length)]));
    } catch (UnknownHostException unknown) {
      return new Found.Unknown("its host is not known to the name service");
    }
  }

  private static Target at(URI url, InetAddress address) {
    boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
    int usual = tls ? 443 : 80;
    int port = url.getPort() < 0 ? usual : url.getPort();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return new Target(address, tls, url.getHost(), port, path + query);
  }

  /** Removes the brackets that URLs put around IPv6 addresses. */
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
