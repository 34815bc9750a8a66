package dev.polyptych.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.training.LineChart.Axis;
import dev.polyptych.training.LossHistory.Point;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LossCurveTest {
  @Test
  void theCurveGoesWhereTheLossGoes() throws Exception {
    LossHistory history = falling(2000);

    Element svg = parsed(LossCurve.svg(history));

    LineChart frame = LossCurve.frame(history);
    List<Element> lines = elements(svg, "polyline");
    assertEquals(
        List.of("#7DA5D4", "#1F4E8C", "#D9730D"),
        lines.stream().map(line -> line.getAttribute("stroke")).toList());
    List<String> smoothed = List.of(lines.get(1).getAttribute("points").split(" "));
    assertEquals(place(frame, LossCurve.smoothed(history).getFirst()), smoothed.getFirst());
    for (Point point : history.validations()) {
      assertTrue(
          elements(svg, "circle").stream()
              .map(dot -> dot.getAttribute("cx") + "," + dot.getAttribute("cy"))
              .anyMatch(place(frame, point)::equals),
          "step " + point.step());
    }
    double[] first = numbers(smoothed.getFirst());
    double[] last = numbers(smoothed.getLast());
    assertTrue(first[1] < last[1] - 300, "the curve falls");
    assertTrue(first[0] < last[0] - 900, "the curve goes right");
    List<String> texts = elements(svg, "text").stream().map(Element::getTextContent).toList();
    assertTrue(texts.containsAll(List.of("step", "loss", "smoothed", "validation", "2000")));
  }

  @Test
  void aLongRunIsThinnedAndKeepsItsExtremes() throws Exception {
    LossHistory history = falling(200_000);
    history.add(200_001, 1e6);

    byte[] svg = LossCurve.svg(history);

    assertTrue(svg.length < 200_000, "bytes " + svg.length);
    String raw = elements(parsed(svg), "polyline").getFirst().getAttribute("points");
    double top = LossCurve.frame(history).y(1e6);
    assertTrue(
        List.of(raw.split(" ")).stream().anyMatch(point -> numbers(point)[1] == top), "the jump");
  }

  @Test
  void theSameLossesGiveTheSameBytes() {
    assertArrayEquals(LossCurve.svg(falling(500)), LossCurve.svg(falling(500)));
  }

  @Test
  void namesAreEscaped() throws Exception {
    Axis axis = Axis.round("a < b & c", 0, 1, 0);

    Element svg = parsed(LineChart.svg(List.of(new LineChart(300, 200, axis, axis))));

    assertTrue(
        elements(svg, "text").stream()
            .anyMatch(text -> text.getTextContent().equals(axis.title())));
  }

  @Test
  void oneStepThatJumpsFarDoesNotFlattenTheRest() {
    LossHistory history = falling(2000);
    history.add(700, 1e6);

    assertTrue(LossCurve.losses(history).high() < 2);
  }

  @Test
  void drawsASingleLossAndAConstantOne() throws Exception {
    LossHistory one = new LossHistory();
    one.add(1, 0.5);
    LossHistory constant = new LossHistory();
    constant.add(1, 0);
    constant.add(2, 0);

    for (LossHistory history : List.of(one, constant)) {
      assertEquals(2, elements(parsed(LossCurve.svg(history)), "polyline").size());
    }
  }

  @Test
  void ticksAreRoundNumbers() {
    assertEquals(
        List.of("0", "1000", "2000", "3000", "4000", "5000"), labels(Axis.round("", 0, 5000, 1)));
    assertEquals(List.of("0.2", "0.4", "0.6", "0.8"), labels(Axis.round("", 0.118, 0.873, 0)));
    assertEquals(List.of("0", "1", "2"), labels(Axis.round("", 0, 2, 1)));
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

  private static Element parsed(byte[] svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg))
        .getDocumentElement();
  }

  private static List<Element> elements(Element svg, String name) {
    NodeList found = svg.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static String place(LineChart frame, Point point) {
    return String.format(Locale.ROOT, "%.1f,%.1f", frame.x(point.step()), frame.y(point.loss()));
  }

  private static double[] numbers(String point) {
    return Stream.of(point.split(",")).mapToDouble(Double::parseDouble).toArray();
  }

  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(LineChart.Tick::label).toList();
  }
}
