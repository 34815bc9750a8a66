-- ARGV[2]: attempt, ARGV[3]: '1' if the attempt counts,
-- ARGV[4]: milliseconds to wait before the next attempt,
-- ARGV[5], ARGV[6]: code and detail of the failure, or empty.
-- A second identical call changes nothing.
local held = redis.call('HMGET', job, 'state', 'attempt')
if not held[1] then
  return 'UNKNOWN'
end
if held[1] == 'queued' and held[2] == ARGV[2] then
  return 'DONE'
end
if held[1] ~= 'rendering' or held[2] ~= ARGV[2] then
  return too_late_for(ARGV[2], held[1])
end
if ARGV[3] ~= '1' then
  redis.call('HINCRBY', job, 'handedBack', 1)
end
redis.call('HSET', job, 'state', 'queued', 'step', 0)
redis.call('HDEL', job, 'worker')
if ARGV[5] ~= '' then
  redis.call('HSET', job, 'lastCode', ARGV[5], 'lastDetail', ARGV[6])
  -- The job is produced again. The position of the new Kafka record is not stored.
  redis.call('HDEL', job, 'partition', 'offset')
end
local at = now()
if tonumber(ARGV[4]) > 0 then
  redis.call('HSET', job, 'nextAttemptAt', string.format('%d', tonumber(at) + tonumber(ARGV[4])))
end
announce(at)
return 'DONE'
