package dev.polyptych.dispatcher.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Separates addresses of the public internet from all others (IANA's special-purpose registries,
 * RFC 6890). For IPv6, only global unicast passes, so unassigned space is refused. An IPv4 address
 * inside a NAT64 address (RFC 6052) is checked as that IPv4 address. Other tunnels (6to4, Teredo)
 * are refused, because the tunnel's other end is unknown.
 */
public final class AddressGuard {
  private static final AddressRange GLOBAL_UNICAST = AddressRange.of("2000::/3");
  private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
  private static final int IPV4_BYTES = 4;

  private static final Map<AddressRange, String> SPECIAL = new LinkedHashMap<>();

  static {
    special("unspecified", "0.0.0.0/8", "::/128");
    special("loopback", "127.0.0.0/8", "::1/128");
    special("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
    special("link-local", "169.254.0.0/16", "fe80::/10");
    special("unique local", "fc00::/7");
    special("shared (carrier-grade NAT)", "100.64.0.0/10");
    special("multicast", "224.0.0.0/4", "ff00::/8");
    special("tunnel", "2001::/32", "2002::/16", "192.88.99.0/24");
    special("documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
    special("documentation", "2001:db8::/32", "3fff::/20");
    special("reserved", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "2001::/23");
  }

  private final List<AddressRange> allowed;

  /**
   * @param allowed ranges that pass even though they are not public
   */
  public AddressGuard(List<AddressRange> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** The kind of a refused address; empty if the address passes. */
  public Optional<String> refused(InetAddress address) {
    if (allowed.stream().anyMatch(range -> range.holds(address))) {
      return Optional.empty();
    }
    InetAddress meant = NAT64.holds(address) ? embedded(address) : address;
    return SPECIAL.entrySet().stream()
        .filter(special -> special.getKey().holds(meant))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> Optional.of("reserved").filter(reserved -> unassigned(meant)));
  }

  private static boolean unassigned(InetAddress address) {
    return address.getAddress().length > IPV4_BYTES && !GLOBAL_UNICAST.holds(address);
  }

  private static InetAddress embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(
          Arrays.copyOfRange(bytes, bytes.length - IPV4_BYTES, bytes.length));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four bytes are an address", impossible);
    }
  }

  private static void special(String kind, String... ranges) {
    for (String range : ranges) {
      SPECIAL.put(AddressRange.of(range), kind);
    }
  }
}
