package dev.polyptych.dispatcher.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import java.net.InetAddress;

/**
 * Addresses with a common prefix, in CIDR notation.
 *
 * @param block all addresses of the range
 */
public record AddressRange(IPAddress block) {
  private static final IPAddressGenerator ADDRESSES = new IPAddressGenerator();

  /** One address in the form of RFC 6943: no octal, no missing parts, no zone, no wildcard. */
  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowAll(false)
          .allowEmpty(false)
          .allowSingleSegment(false)
          .allowPrefix(false)
          .allowMask(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .allow_inet_aton(false)
          .getIPv4AddressParametersBuilder()
          .allowLeadingZeros(false)
          .allowBinary(false)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .allowBinary(false)
          .getParentBuilder()
          .toParams();

  /**
   * @param prefix length of the common prefix, in bits
   */
  public AddressRange(InetAddress network, int prefix) {
    this(ADDRESSES.from(network).toPrefixBlock(prefix));
  }

  /**
   * @param cidr such as {@code 10.0.0.0/8} or {@code fc00::/7}
   * @throws IllegalArgumentException if the text is no such range
   */
  public static AddressRange of(String cidr) {
    String[] parts = cidr.split("/", 2);
    if (parts.length < 2 || !parts[1].matches("\\d{1,3}")) {
      throw new IllegalArgumentException("'" + cidr + "' is no range such as 10.0.0.0/8");
    }
    IPAddress network = literal(parts[0]);
    int prefix = Integer.parseInt(parts[1]);
    if (prefix > network.getBitCount()) {
      throw new IllegalArgumentException(
          "'" + cidr + "' has more than " + network.getBitCount() + " bits");
    }
    return new AddressRange(network.toPrefixBlock(prefix));
  }

  /** Whether a text is one address that all programs read the same way. */
  public static boolean unambiguous(String text) {
    return new IPAddressString(text, STRICT).isValid();
  }

  public boolean holds(InetAddress address) {
    return block.contains(ADDRESSES.from(address));
  }

  @Override
  public String toString() {
    return block.toCanonicalString();
  }

  private static IPAddress literal(String text) {
    try {
      return new IPAddressString(text, STRICT).toAddress();
    } catch (AddressStringException | IncompatibleAddressException unreadable) {
      throw new IllegalArgumentException("'" + text + "' is no IP address", unreadable);
    }
  }
}
