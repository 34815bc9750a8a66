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

/**
 * Finds and makes missing topics: the lanes of a base, the inbox, the dead topic. All lanes get the
 * same number of partitions.
 */
public final class TopicSetup {
  private final Admin admin;
  private final String base;

  /**
   * @param base id of the model
   */
  public TopicSetup(Admin admin, String base) {
    this.admin = admin;
    this.base = base;
  }

  private Set<String> all() {
    Set<String> all = new HashSet<>(Topics.lanes(base));
    all.addAll(Topics.inbox());
    all.add(Topics.DEAD);
    return all;
  }

  /** Which of our topics are not there. */
  Set<String> missing(Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> missing = new HashSet<>();
    for (var topic : admin.describeTopics(all()).topicNameValues().entrySet()) {
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
   * Makes those that are not there.
   *
   * @param partitions of each lane; over-partition from the start (4 × the largest fleet), because
   *     a change re-maps every adapter
   */
  public void create(int partitions) throws InterruptedException, TimeoutException {
    create(all(), partitions);
  }

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
