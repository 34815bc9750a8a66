package dev.polyptych.nano.score;

import dev.polyptych.nano.world.OpenAttributes;
import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.Place;
import dev.polyptych.nano.world.StatedAttributes;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import dev.polyptych.nano.world.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The attributes that can be read from a panel, in the order of the scorer's heads. Captions state
 * the first ones; the last four are open.
 */
public enum Attribute {
  SUBJECT(Subject.class),
  PLACE(Place.class),
  SIZE(Size.class),
  POSITION(Position.class),
  /** In scenes only. A caption without a sandstorm states clear weather. */
  WEATHER(Weather.class),
  SHADE(Shade.class),
  STYLE(Style.class),
  ACCESSORY(Accessory.class),
  TYPEFACE(Typeface.class);

  private static final List<Attribute> STATED =
      Arrays.stream(values()).filter(attribute -> !attribute.isOpen()).toList();
  private static final List<Attribute> OPEN =
      Arrays.stream(values()).filter(Attribute::isOpen).toList();

  private final Class<? extends Enum<?>> type;

  Attribute(Class<? extends Enum<?>> type) {
    this.type = type;
  }

  /** The attributes that captions state. */
  public static List<Attribute> stated() {
    return STATED;
  }

  /** The attributes that captions leave open. */
  public static List<Attribute> open() {
    return OPEN;
  }

  private boolean isOpen() {
    return compareTo(SHADE) >= 0;
  }

  /** The number of its values. */
  public int choices() {
    return type.getEnumConstants().length;
  }

  /** For figures and tables: {@code subject}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is visible in such a panel. */
  public boolean showsIn(StatedAttributes stated) {
    return switch (this) {
      case SUBJECT, PLACE, SHADE, STYLE -> true;
      case SIZE, POSITION, WEATHER -> !stated.place().medium();
      case ACCESSORY -> !stated.subject().letter();
      case TYPEFACE -> stated.subject().letter();
    };
  }

  /** The number of the panel's value, from 0. */
  public int of(Panel panel) {
    return choice(value(panel));
  }

  /** The number of one of the attribute's values. */
  int choice(Enum<?> value) {
    int choice = Arrays.asList(type.getEnumConstants()).indexOf(value);
    if (choice < 0) {
      throw new IllegalArgumentException(value + " is no " + text());
    }
    return choice;
  }

  private Enum<?> value(Panel panel) {
    StatedAttributes stated = panel.stated();
    OpenAttributes open = panel.open();
    return switch (this) {
      case SUBJECT -> stated.subject();
      case PLACE -> stated.place();
      case SIZE -> stated.size();
      case POSITION -> stated.position();
      case WEATHER -> stated.weather();
      case SHADE -> open.shade();
      case STYLE -> open.style();
      case ACCESSORY -> open.accessory();
      case TYPEFACE -> open.typeface();
    };
  }
}
