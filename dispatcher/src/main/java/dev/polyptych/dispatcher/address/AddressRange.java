package dev.polyptych.dispatcher.address;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * Addresses that begin alike, in CIDR notation.
 *
 * @param prefix bits that they have in common
 */
public record AddressRange(InetAddress network, int prefix) {
  /**
   * @param cidr such as {@code 10.0.0.0/8} or {@code fc00::/7}
   * @throws IllegalArgumentException when it is none
   */
  public static AddressRange of(String cidr) {
    String[] parts = cidr.split("/", 2);
    if (parts.length < 2 || !parts[1].matches("\\d{1,3}")) {
      throw new IllegalArgumentException("'" + cidr + "' is no range such as 10.0.0.0/8");
    }
    InetAddress network = InetAddress.ofLiteral(parts[0]);
    int prefix = Integer.parseInt(parts[1]);
    int bits = bits(network);
    if (prefix > bits) {
      throw new IllegalArgumentException("'" + cidr + "' has more than " + bits + " bits");
    }
    return new AddressRange(network, prefix);
  }

  public boolean holds(InetAddress address) {
    int bits = bits(network);
    return bits == bits(address)
        && number(network).xor(number(address)).bitLength() <= bits - prefix;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }

  private static int bits(InetAddress address) {
    return Byte.SIZE * address.getAddress().length;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}
