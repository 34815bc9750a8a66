-- KEYS[3]: the checkpoint; ARGV[2]: worker, ARGV[3]: attempts allowed,
-- ARGV[4]: seconds to keep the record if this script settles it,
-- ARGV[5]: milliseconds that the worker needs to render the job, 0 if unknown,
-- ARGV[6]: the tenant that must own the job; empty for any tenant,
-- ARGV[7]: version of the Kafka record that the worker read; 0 for the latest,
-- ARGV[8]: which process the worker is: it differs after a restart under the same id,
-- ARGV[9]: attempt whose worker was looked for, or empty, ARGV[10]: '1' if that worker lives,
-- ARGV[11], ARGV[12], ARGV[13]: topic, partition and offset of the Kafka record, or empty.
-- A worker that holds the job when another one claims it has gone silent with it. A job with which
-- a second worker goes silent answers 'suspect', the attempt, the worker to look for and its
-- process, and is claimed again.
-- Answers attempt, checkpoint, actual minus predicted start in milliseconds (first start only)
-- and the predicted GPU-seconds.
local held = redis.call('HMGET', job, 'state', 'tenant')
local state = held[1]
if not state then
  -- The Kafka record may outlive the job's record. A settled job stays settled.
  local outcome = redis.call('HGET', job .. ':tombstone', 'state')
  if outcome then
    return {'settled', outcome}
  end
end
if not state or (ARGV[6] ~= '' and held[2] ~= ARGV[6]) then
  return {'unknown', ''}
end
if terminal(state) then
  return {'settled', state}
end
local edition = tonumber(ARGV[7])
if edition > 0 and edition < tonumber(redis.call('HGET', job, 'edition') or 0) then
  return {'outdated', ''}
end
local at = now()
if redis.call('HEXISTS', job, 'startedAt') == 0 and overdue('startBy', at, 0) then
  expire('startBy passed before a worker was free', ARGV[4])
  return {'settled', 'expired'}
end
if overdue('finishBy', at, tonumber(ARGV[5])) then
  expire('finishBy can not be met any more; rendering takes about ' .. ARGV[5] .. ' ms', ARGV[4])
  return {'settled', 'expired'}
end
local attempt = tonumber(redis.call('HGET', job, 'attempt'))
local used = attempt - tonumber(redis.call('HGET', job, 'handedBack'))
if used >= tonumber(ARGV[3]) then
  settle('failed', 'ATTEMPTS_EXHAUSTED', 'no worker came to an end with it in ' .. used .. ' attempts', ARGV[4])
  return {'settled', 'failed'}
end
local looked = ARGV[9] == tostring(attempt)
if state == 'rendering' and not (looked and ARGV[10] == '1') then
  local holder = redis.call('HMGET', job, 'worker', 'process')
  -- A worker one version back writes no process, but leaves that of an earlier attempt.
  local process = string.match(holder[2] or '', '^' .. attempt .. ' (.*)$') or ''
  if holder[1] ~= ARGV[2] or process ~= ARGV[8] then
    local others = lost()
    if others ~= ',' and not looked then
      return {'suspect', tostring(attempt), holder[1], process}
    end
    redis.call('HSET', job, 'lost', others .. attempt .. ',')
    if others ~= ',' then
      settle('failed', 'ATTEMPTS_EXHAUSTED', 'two workers ended while they rendered it, so no third one gets it; '
        .. 'look at its references and at the logs of these workers', ARGV[4], 'POISON')
      return {'settled', 'failed'}
    end
  end
end
attempt = attempt + 1
redis.call('HSET', job, 'state', 'rendering', 'attempt', attempt, 'worker', ARGV[2], 'step', 0, 'process', attempt .. ' ' .. ARGV[8])
redis.call('HDEL', job, 'nextAttemptAt', 'checkpointStep')
if ARGV[11] ~= '' then
  redis.call('HSET', job, 'topic', ARGV[11], 'partition', ARGV[12], 'offset', ARGV[13])
end
if edition > 0 then
  redis.call('HSET', job, 'edition', ARGV[7])
end
redis.call('HSETNX', job, 'queuedAt', at)
local late = ''
if redis.call('HSETNX', job, 'startedAt', at) == 1 then
  local forecast = redis.call('HMGET', job, 'acceptedAt', 'estimatedDelay')
  if forecast[2] then
    late = string.format('%d', at - forecast[1] - forecast[2])
  end
end
announce(at)
return {'granted', tostring(attempt), redis.call('GET', KEYS[3]) or '', late, redis.call('HGET', job, 'gpuSeconds') or ''}
