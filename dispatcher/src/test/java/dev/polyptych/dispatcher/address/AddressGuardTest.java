package dev.polyptych.dispatcher.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private static final AddressGuard GUARD = new AddressGuard(List.of());

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "0.1.2.3, unspecified",
    "::, unspecified",
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "::1, loopback",
    "10.0.0.1, private",
    "172.16.0.1, private",
    "172.31.255.255, private",
    "192.168.1.1, private",
    "169.254.169.254, link-local",
    "fe80::1, link-local",
    "febf::1, link-local",
    "fc00::1, unique local",
    "fd00:ec2::254, unique local",
    "100.64.0.1, shared (carrier-grade NAT)",
    "100.127.255.255, shared (carrier-grade NAT)",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "ff02::1, multicast",
    "255.255.255.255, reserved",
    "240.0.0.1, reserved",
    "198.18.0.1, reserved",
    "192.0.0.8, reserved",
    "192.0.2.1, documentation",
    "2001:db8::1, documentation",
    "3fff::1, documentation",
    "2001::1, tunnel",
    "2002:7f00:1::, tunnel",
    "64:ff9b::127.0.0.1, loopback",
    "64:ff9b::169.254.169.254, link-local",
    "64:ff9b:1::10.0.0.1, reserved",
    "::127.0.0.1, reserved",
    "fec0::1, reserved",
    "100::1, reserved",
    "4000::1, reserved",
  })
  void anAddressThatIsNotPublicIsRefusedByItsKind(String address, String kind) {
    assertEquals(Optional.of(kind), GUARD.refused(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
        "64:ff9b::8.8.8.8"
      })
  void aPublicAddressPasses(String address) {
    assertEquals(Optional.empty(), GUARD.refused(InetAddress.ofLiteral(address)));
  }

  /** Java makes IPv4 of such an address where it can; where it can't it is refused. */
  @Property
  void aMappedAddressIsRefusedAsItselfOrAltogether(@ForAll @Size(4) byte[] v4)
      throws UnknownHostException {
    byte[] mapped = ByteBuffer.allocate(16).putShort(10, (short) -1).put(12, v4).array();

    assertEquals(
        GUARD.refused(InetAddress.getByAddress(v4)),
        GUARD.refused(InetAddress.getByAddress(mapped)));
    assertTrue(GUARD.refused(Inet6Address.getByAddress("", mapped, -1)).isPresent());
  }

  @Property
  void whatTheJdkKnowsAsSpecialIsRefused(@ForAll @Size(4) byte[] v4, @ForAll @Size(16) byte[] v6)
      throws UnknownHostException {
    for (InetAddress address :
        List.of(InetAddress.getByAddress(v4), InetAddress.getByAddress(v6))) {
      boolean special =
          address.isAnyLocalAddress()
              || address.isLoopbackAddress()
              || address.isLinkLocalAddress()
              || address.isSiteLocalAddress()
              || address.isMulticastAddress();
      assertTrue(!special || GUARD.refused(address).isPresent(), address::toString);
    }
  }

  @Property
  void aRangeHoldsWhatBeginsAlikeAndNothingElse(@ForAll @Size(16) byte[] bytes)
      throws UnknownHostException {
    for (int bit = 0; bit < 128; bit++) {
      byte[] other = Arrays.copyOf(bytes, 16);
      other[bit / 8] ^= (byte) (0x80 >> bit % 8);
      AddressRange range = new AddressRange(Inet6Address.getByAddress("", bytes, -1), 64);

      assertEquals(bit >= 64, range.holds(Inet6Address.getByAddress("", other, -1)));
    }
  }

  @Test
  void whatIsAllowedPassesWhateverItIs() {
    AddressGuard guard = new AddressGuard(List.of(AddressRange.of("127.0.0.0/8")));

    assertEquals(Optional.empty(), guard.refused(InetAddress.ofLiteral("127.0.0.1")));
    assertEquals(Optional.of("loopback"), guard.refused(InetAddress.ofLiteral("::1")));
    assertEquals(Optional.of("private"), guard.refused(InetAddress.ofLiteral("10.0.0.1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "example.com/8",
        "::/129",
        "/8",
        "10/x",
        "010.0.0.0/8",
        "10.0/16",
        "10.0.0.0/8/8",
        "0xa.0.0.0/8",
        "*/8",
        "10.0.0-9.0/8",
        "fe80::%lo/10"
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressRange.of(text));
  }
}
