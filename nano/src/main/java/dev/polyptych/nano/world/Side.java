package dev.polyptych.nano.world;

/** Which combinations of subject and place a sampler draws from. */
public enum Side {
  /** No panel of a set is a held-out combination. */
  TRAINING,
  /** At least one panel of each set is a held-out combination. */
  HELD_OUT;

  boolean takes(PanelSet set) {
    boolean heldOut =
        set.panels().stream().anyMatch(panel -> HeldOut.contains(panel.subject(), panel.place()));
    return heldOut == (this == HELD_OUT);
  }
}
