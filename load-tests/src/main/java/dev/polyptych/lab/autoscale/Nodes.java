package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** GPU nodes, one GPU each: made when a pod finds none, given back when none has come for long. */
final class Nodes {
  private final Clock clock;
  private final Machinery machinery;
  private final SplittableRandom random;
  private final Ledger ledger;
  private final Deque<Node> free = new ArrayDeque<>();

  /** Paid from the moment it is asked for. */
  static final class Node {
    private final double asked;
    private final double ready;
    private boolean image;
    private int turns;

    private Node(double asked, double ready) {
      this.asked = asked;
      this.ready = ready;
    }
  }

  Nodes(Clock clock, Machinery machinery, SplittableRandom random, Ledger ledger) {
    this.clock = clock;
    this.machinery = machinery;
    this.random = random;
    this.ledger = ledger;
  }

  /** The node that became free last, or a new one. */
  Node take() {
    Node node = free.pollLast();
    if (node == null) {
      double now = clock.now();
      node = new Node(now, now + machinery.somewhat(machinery.provisioning(), random));
      ledger.nodeAsked(now);
    }
    node.turns++;
    return node;
  }

  /** Seconds until a pod's container starts there. */
  double containerStarts(Node node) {
    double placed = Math.max(0, node.ready - clock.now()) + machinery.scheduling();
    if (!node.image) {
      node.image = true;
      return placed + machinery.somewhat(machinery.pulling(), random);
    }
    return placed;
  }

  void release(Node node) {
    free.addLast(node);
    int turn = ++node.turns;
    double unneeded = Math.max(clock.now(), node.ready) + machinery.nodeUnneeded();
    clock.at(unneeded, () -> giveBack(node, turn));
  }

  private void giveBack(Node node, int turn) {
    if (node.turns == turn) {
      free.remove(node);
      ledger.nodeGone(node.asked, clock.now());
    }
  }
}
