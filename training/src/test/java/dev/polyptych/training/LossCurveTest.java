package dev.polyptych.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.training.Drawing.Place;
import dev.polyptych.training.LossHistory.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LossCurveTest {
  @Test
  void theCurveGoesWhereTheLossGoes() throws IOException {
    LossHistory history = falling(2000);

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(LossCurve.png(history)));

    assertEquals(PlotFrame.WIDTH, image.getWidth());
    PlotFrame frame = LossCurve.frame(history);
    for (Point point : LossCurve.smoothed(history)) {
      Place place = frame.place(point.step(), point.loss());
      // The first steps are averaged over few, so the line still jumps about its pixels there.
      if (point.step() > 50 && !nearValidation(point.step())) {
        assertEquals(LossCurve.SMOOTHED, pixel(image, place), "step " + point.step());
      }
    }
    for (Point point : history.validations()) {
      assertEquals(LossCurve.VALIDATION, pixel(image, frame.place(point.step(), point.loss())));
    }
    Place first = frame.place(1, history.losses().getFirst().loss());
    Place last = frame.place(2000, history.losses().getLast().loss());
    assertTrue(first.y() < last.y() - 300, "the curve falls");
    assertTrue(first.x() < last.x() - 900, "the curve goes right");
  }

  @Test
  void oneStepThatJumpsFarDoesNotFlattenTheRest() {
    LossHistory history = falling(2000);
    history.add(700, 1e6);

    assertTrue(LossCurve.frame(history).highest() < 2);
  }

  @Test
  void drawsASingleLossAndAConstantOne() {
    LossHistory one = new LossHistory();
    one.add(1, 0.5);
    LossHistory constant = new LossHistory();
    constant.add(1, 0);
    constant.add(2, 0);

    assertTrue(LossCurve.png(one).length > 0);
    assertTrue(LossCurve.png(constant).length > 0);
  }

  @Test
  void ticksAreRoundNumbers() {
    PlotFrame frame = new PlotFrame(5000, 0.118, 0.873);

    assertEquals(List.of("0", "1000", "2000", "3000", "4000", "5000"), texts(frame.stepTicks()));
    assertEquals(List.of("0.2", "0.4", "0.6", "0.8"), texts(frame.lossTicks()));
    assertEquals(List.of("0", "1", "2"), texts(new PlotFrame(2, 0, 1).stepTicks()));
  }

  @Test
  void theTableKeepsWhatItIsGiven() {
    LossHistory history = falling(30);

    LossHistory read = LossHistory.parse(history.csv(), 20);

    assertEquals(20, read.losses().size());
    assertEquals(history.losses().get(7).loss(), read.losses().get(7).loss(), 1e-6);
    assertEquals(history.csv(), LossHistory.parse(history.csv(), 30).csv());
    assertThrows(IllegalArgumentException.class, () -> LossHistory.parse("", 1));
    assertThrows(
        IllegalArgumentException.class, () -> LossHistory.parse("step,loss,validation\n1,2\n", 1));
  }

  @Test
  void aLossThatIsNoNumberIsRefused() {
    LossHistory history = new LossHistory();

    assertThrows(IllegalArgumentException.class, () -> history.add(1, Double.NaN));
  }

  private static LossHistory falling(int steps) {
    LossHistory history = new LossHistory();
    Random noise = new Random(1);
    for (int step = 1; step <= steps; step++) {
      double trend = 0.3 + Math.exp(-3.0 * step / steps);
      history.add(step, trend + 0.1 * (noise.nextDouble() - 0.5));
      if (step % 250 == 0 || step == 10) {
        history.addValidation(step, trend + 0.1);
      }
    }
    return history;
  }

  private static boolean nearValidation(int step) {
    return step % 250 < 25 || step % 250 > 225;
  }

  private static int pixel(BufferedImage image, Place place) {
    return image.getRGB((int) place.x(), (int) place.y()) & 0xFFFFFF;
  }

  private static List<String> texts(List<BigDecimal> ticks) {
    return ticks.stream().map(tick -> tick.stripTrailingZeros().toPlainString()).toList();
  }
}
