package dev.polyptych.nano.world;

/** The kind of a panel set: one for each task of the world, and free mixtures. */
public enum Form {
  /** One subject in three scenes. */
  FILM_STORYBOARD("film-storyboard"),
  /** A logo on paper, then on a mug, a bag or a shirt. */
  VISUAL_IDENTITY_DESIGN("visual-identity-design"),
  /** Four letters on one medium. */
  FONT_DESIGN("font-design"),
  /** The same scene before and in a sandstorm. */
  SANDSTORM_VISUAL_EFFECT("sandstorm-visual-effect"),
  /** Two subjects in the same scene. */
  COUPLE_PROFILE("couple-profile"),
  /** One to four panels of anything. Not a task of the catalog; only the base model learns it. */
  FREE("free");

  private final String id;

  Form(String id) {
    this.id = id;
  }

  /** The task's id in the catalog; {@code free} for free mixtures. */
  public String id() {
    return id;
  }
}
