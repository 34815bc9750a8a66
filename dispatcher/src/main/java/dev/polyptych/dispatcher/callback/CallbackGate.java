package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.address.Target;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses at submission what delivery would refuse: a callback without a secret to sign it, and a
 * callback to a forbidden address. Names are looked up only at delivery.
 */
public final class CallbackGate {
  private final boolean signed;
  private final AddressGuard guard;

  /**
   * @param signed whether there is a secret to sign with
   */
  public CallbackGate(boolean signed, AddressGuard guard) {
    this.signed = signed;
    this.guard = guard;
  }

  /**
   * @param url in a valid form
   * @return what is wrong with it and how to correct it; empty if nothing is wrong
   */
  public Optional<String> problem(String url) {
    if (!signed) {
      return Optional.of(
          "can't be called, since this dispatcher has no secret to sign with; leave it out and"
              + " follow /v1/jobs/{id}/events, or have its operator set callbackSecret");
    }
    URI target = URI.create(url);
    String form =
        Target.ambiguous(target)
            ? "has an address that programs read differently; write IPv4 addresses as four decimal"
                + " numbers without leading zeros"
            : "";
    String range =
        Target.literal(target)
            .flatMap(guard::refused)
            .map(
                kind ->
                    "is a "
                        + kind
                        + " address; give one that is public, or have the dispatcher's operator"
                        + " allow it with callbackAllow")
            .orElse("");
    String problems =
        Stream.of(form, range).filter(text -> !text.isEmpty()).collect(Collectors.joining("; it "));
    return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
  }
}
