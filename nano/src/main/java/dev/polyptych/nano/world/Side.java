package dev.polyptych.nano.world;

/** The combinations of subject and place that a sampler draws. */
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

  /** The combinations of subject and place that training never shows: about one in ten. */
  public static final class HeldOut {
    /** Chosen so that each subject and each place keeps most of its combinations. */
    private static final int SALT = 0xE6D5C622;

    private static final int ONE_IN = 10;

    private HeldOut() {}

    /**
     * Whether only evaluation draws this combination. The result is the same in every version and
     * on every JVM.
     */
    public static boolean contains(Subject subject, Place place) {
      int hash = (subject.name() + ' ' + place.name()).hashCode() ^ SALT;
      hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
      hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
      return Integer.remainderUnsigned(hash ^ (hash >>> 16), ONE_IN) == 0;
    }
  }
}
