package dev.polyptych.dispatcher.enqueue;

import dev.polyptych.schema.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates missing topics. Both lanes get the same number of partitions. */
public final class TopicSetup {
  private final Admin admin;

  public TopicSetup(Admin admin) {
    this.admin = admin;
  }

  /**
   * @param partitions of each lane; over-partition from the start (4 × the largest fleet), because
   *     a change re-maps every adapter
   */
  public void create(int partitions) throws InterruptedException, TimeoutException {
    List<NewTopic> topics = new ArrayList<>();
    for (String lane : Topics.lanes()) {
      topics.add(new NewTopic(lane, Optional.of(partitions), Optional.empty()));
    }
    topics.add(
        new NewTopic(Topics.DEAD, Optional.of(1), Optional.empty())
            .configs(Map.of("retention.ms", Long.toString(TimeUnit.DAYS.toMillis(30)))));
    for (var created : admin.createTopics(topics).values().entrySet()) {
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
}
