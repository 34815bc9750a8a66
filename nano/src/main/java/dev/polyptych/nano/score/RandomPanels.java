package dev.polyptych.nano.score;

import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.Side;
import dev.polyptych.nano.world.WorldSampler;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Training and held-out panels. A scorer must know combinations that the model never saw. */
final class RandomPanels {
  /** More than their one in ten, because most panels of an evaluation are held out. */
  private static final double HELD_OUT_SHARE = 0.3;

  private final WorldSampler training = new WorldSampler(Side.TRAINING);
  private final WorldSampler heldOut = new WorldSampler(Side.HELD_OUT);

  List<Panel> next(int count, RandomGenerator chance) {
    return Stream.generate(() -> next(chance)).limit(count).toList();
  }

  private Panel next(RandomGenerator chance) {
    return (chance.nextDouble() < HELD_OUT_SHARE ? heldOut : training).panel(chance);
  }
}
