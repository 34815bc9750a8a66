package dev.polyptych.nano.world;

/** Combinations of subject and place that training never shows: about one in ten. */
public final class HeldOut {
  /** Chosen so that each subject and each place keeps most of its combinations. */
  private static final int SALT = 0xE6D5C622;

  private static final int ONE_IN = 10;

  private HeldOut() {}

  /** Whether only evaluation draws this combination; the same in every version and on every JVM. */
  public static boolean contains(Subject subject, Place place) {
    int hash = (subject.name() + ' ' + place.name()).hashCode() ^ SALT;
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
    return Integer.remainderUnsigned(hash ^ (hash >>> 16), ONE_IN) == 0;
  }
}
