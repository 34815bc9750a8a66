package dev.polyptych.store;

import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.Forecast;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.RenderJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Writes records of new jobs. Each is listed before, on the same connection, so that no crash
 * leaves a record that is in no list.
 */
final class JobRegister {
  private final JobScripts scripts;
  private final Retention retention;
  private final JobIndex index;
  private final JobIndex callbacks;

  JobRegister(RedisConnection redis, Retention retention) {
    this.scripts = new JobScripts(redis);
    this.retention = retention;
    this.index = JobIndex.ofAll(redis, retention);
    this.callbacks = JobIndex.ofCallbacks(redis, retention);
  }

  /**
   * @param script takes the job's steps, then the fields of its record
   * @return the script's answer
   */
  Object write(
      Script script,
      RenderJob job,
      String tenant,
      JobRequest request,
      Optional<String> batch,
      Forecast forecast) {
    Map<String, String> record = JobHash.of(job, tenant, request);
    record.putAll(JobHash.of(forecast));
    batch.ifPresent(id -> record.put("batch", id));
    record.put("tombstoneSeconds", Long.toString(retention.tombstones().toSeconds()));
    List<String> arguments = new ArrayList<>(List.of(record.get("steps")));
    record.forEach(
        (name, value) -> {
          arguments.add(name);
          arguments.add(value);
        });
    boolean callback = request.callbackUrl().isPresent();
    Object answer =
        scripts.runAfter(
            pipeline -> listed(pipeline, tenant, job.id(), batch, callback),
            script,
            job.id(),
            arguments.toArray(String[]::new));
    index.trimSometimes(tenant);
    if (callback) {
      callbacks.trimSometimes(tenant);
    }
    return answer;
  }

  private List<Response<?>> listed(
      AbstractPipeline pipeline,
      String tenant,
      String id,
      Optional<String> batch,
      boolean callback) {
    List<Response<?>> answers = index.add(pipeline, tenant, id, batch);
    if (callback) {
      answers.addAll(callbacks.add(pipeline, tenant, id, Optional.empty()));
    }
    answers.add(OpenJobs.list(pipeline, id));
    return answers;
  }
}
