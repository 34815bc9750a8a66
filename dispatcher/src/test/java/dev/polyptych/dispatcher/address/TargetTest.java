package dev.polyptych.dispatcher.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.callback.CallbackGate;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static final AddressGuard GUARD = new AddressGuard(List.of());

  @ParameterizedTest
  @CsvSource({
    "https://a.example,              true,  a.example,        443,  /",
    "HTTP://A.example/x?y=%20,       false, A.example,        80,   /x?y=%20",
    "https://a.example:8443/x/,      true,  a.example,        8443, /x/",
    "http://[2606:4700::1111]:81/,   false, [2606:4700::1111], 81,  /",
  })
  void aUrlIsTakenApart(String url, boolean tls, String host, int port, String path) {
    Target target = at(url, 1, "1.1.1.1");

    assertEquals(new Target(InetAddress.ofLiteral("1.1.1.1"), tls, host, port, path), target);
  }

  @Test
  void eachTryTakesTheNextOfSeveralAddresses() {
    List<String> taken =
        Stream.of(1, 2, 3)
            .map(tries -> at("https://a.example", tries, "1.1.1.1", "2606:4700::1111"))
            .map(target -> target.address().getHostAddress())
            .toList();

    assertEquals(List.of("1.1.1.1", "2606:4700:0:0:0:0:0:1111", "1.1.1.1"), taken);
  }

  @Test
  void oneAddressThatIsNotPublicSpoilsTheOthers() {
    Target.Found found = find("https://a.example", 1, "1.1.1.1", "10.0.0.1");

    assertEquals(new Target.Found.Forbidden("its host has a private address"), found);
  }

  @Test
  void aNameThatChangesItsAddressIsCheckedAtEveryTry() {
    assertInstanceOf(Target.Found.At.class, find("https://a.example", 1, "1.1.1.1"));
    assertInstanceOf(Target.Found.Forbidden.class, find("https://a.example", 2, "169.254.169.254"));
  }

  /** The JDK would take them, all but the first as something public. */
  @ParameterizedTest
  @ValueSource(strings = {"010.0.0.1", "0101.1.1.1", "1.1.1.01", "16843009", "00000001.1.1.1"})
  void anAddressThatProgramsReadDifferentlyIsRefused(String host) {
    assertEquals(
        new Target.Found.Forbidden("its host is an ambiguous address"),
        find("https://" + host + "/", 1, "1.1.1.1"));
    assertTrue(
        new CallbackGate(true, GUARD)
            .problem("https://" + host + "/")
            .orElse("")
            .contains("leading zeros"));
  }

  @Test
  void aNameThatNobodyKnowsMayBeKnownLater() {
    Target.Found found =
        Target.find(
            URI.create("https://a.example"),
            1,
            host -> {
              throw new UnknownHostException(host);
            },
            GUARD);

    assertEquals(new Target.Found.Unknown("its host is not known to the name service"), found);
  }

  private static Target at(String url, int tries, String... addresses) {
    return assertInstanceOf(Target.Found.At.class, find(url, tries, addresses)).target();
  }

  private static Target.Found find(String url, int tries, String... addresses) {
    InetAddress[] known =
        Stream.of(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    return Target.find(URI.create(url), tries, host -> known, GUARD);
  }
}
