package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.topic.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds and makes missing topics: the lanes of the bases, the inbox, the dead topic. */
public final class TopicSetup {
  private final Admin admin;

  public TopicSetup(Admin admin) {
    this.admin = admin;
  }

  /** The inbox and the dead topic. */
  static Set<String> common() {
    Set<String> common = new HashSet<>(Topics.inbox());
    common.add(Topics.DEAD);
    return common;
  }

  /** Which of these topics are not there. */
  Set<String> missing(Set<String> names, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> missing = new HashSet<>();
    for (var topic : admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        topic.getValue().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failed;
        }
        missing.add(topic.getKey());
      }
    }
    return missing;
  }

  /**
   * Makes those of a base that are not there, the inbox and the dead topic.
   *
   * @param partitions of each lane; over-partition from the start (4 × the largest fleet), because
   *     a change re-maps every adapter
   */
  public void create(String base, int partitions) throws InterruptedException, TimeoutException {
    Set<String> all = common();
    all.addAll(Topics.lanes(base));
    create(all, partitions);
  }

  /** Makes those that are not there. */
  void create(Set<String> names, int partitions) throws InterruptedException, TimeoutException {
    if (names.isEmpty()) {
      return;
    }
    for (var created : admin.createTopics(topics(names, partitions)).values().entrySet()) {
      try {
        created.getValue().get(30, TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof TopicExistsException)) {
          throw new IllegalStateException(
              "topic " + created.getKey() + " can't be made", failed.getCause());
        }
      }
    }
  }

  private static List<NewTopic> topics(Set<String> names, int partitions) {
    return names.stream()
        .map(
            name ->
                name.equals(Topics.DEAD)
                    ? new NewTopic(name, Optional.of(1), Optional.empty())
                        .configs(Map.of("retention.ms", Long.toString(TimeUnit.DAYS.toMillis(30))))
                    : new NewTopic(name, Optional.of(partitions), Optional.empty()))
        .toList();
  }
}
