package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.admission.CallbackRule;
import java.net.URI;
import java.util.Optional;

/**
 * Refuses at once what would be refused at delivery: a callback that nobody could sign, and one to
 * an address that callbacks don't go to. Names are looked up only when they are called.
 */
public final class CallbackGate implements CallbackRule {
  private final boolean signed;
  private final AddressGuard guard;

  /**
   * @param signed whether there is a secret to sign with
   */
  public CallbackGate(boolean signed, AddressGuard guard) {
    this.signed = signed;
    this.guard = guard;
  }

  @Override
  public Optional<String> problem(String url) {
    if (!signed) {
      return Optional.of(
          "can't be called, since this dispatcher has no secret to sign with; leave it out and"
              + " follow /v1/jobs/{id}/events, or have its operator set callbackSecret");
    }
    return Target.literal(URI.create(url))
        .flatMap(guard::refused)
        .map(
            kind ->
                "is a "
                    + kind
                    + " address; give one that is public, or have the dispatcher's operator allow"
                    + " it with callbackAllow");
  }
}
