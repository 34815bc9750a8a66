package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * GPU nodes with one GPU each. A node is created when a pod finds none and removed when it has been
 * empty for long.
 */
final class Nodes {
  private final Clock clock;
  private final Machinery machinery;
  private final SplittableRandom random;
  private final Ledger ledger;
  private final Deque<Node> free = new ArrayDeque<>();

  /** A node is paid for from the moment it is requested. */
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

  /** The node that became free most recently, or a new one. */
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

  /** Seconds until a pod's container starts on the node. */
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

  /**
   * Durations on a cluster in seconds. These are estimates for an H100 cloud node and FLUX.1-dev,
   * not measurements.
   *
   * @param scheduling a pod onto a node
   * @param provisioning a node with a GPU, driver included
   * @param pulling the image to a new node
   * @param loading the model, until the worker has joined its group
   * @param nodeUnneeded how long an empty node stays; the cluster autoscaler's default
   * @param spread largest relative deviation of provisioning, pulling and loading
   */
  record Machinery(
      double scheduling,
      double provisioning,
      double pulling,
      double loading,
      double nodeUnneeded,
      double spread) {
    static final Machinery CLOUD = new Machinery(2, 180, 60, 65, 600, 0.2);

    double somewhat(double seconds, SplittableRandom random) {
      return seconds * (1 + spread * (2 * random.nextDouble() - 1));
    }
  }
}
