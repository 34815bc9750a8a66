package dev.polyptych.schema.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells which names of hosts this machine can't resolve, when a backend does not answer. */
public final class HostNames {
  private HostNames() {}

  /**
   * Asks the machine's resolver, which may take seconds.
   *
   * @param servers {@code host:port}, separated by commas
   * @return a remark for a message, with a blank before it; empty if all names are known
   */
  public static String unknown(String servers) {
    List<String> unknown =
        Stream.of(servers.split(","))
            .map(server -> server.strip().replaceFirst(":\\d+$", ""))
            .filter(HostNames::isUnknown)
            .toList();
    return unknown.isEmpty()
        ? ""
        : unknown.stream().collect(Collectors.joining(", ", " (no address for the name ", ")"));
  }

  private static boolean isUnknown(String host) {
    try {
      return InetAddress.getByName(host) == null;
    } catch (UnknownHostException nowhere) {
      return true;
    }
  }
}
