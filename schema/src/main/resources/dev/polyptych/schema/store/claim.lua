-- KEYS[3]: the checkpoint; ARGV[2]: worker, ARGV[3]: attempts allowed, ARGV[4]: seconds to keep a record that this settles.
local state = redis.call('HGET', job, 'state')
if not state then
  return {'unknown', ''}
end
if terminal(state) then
  return {'settled', state}
end
local at = now()
local deadline = redis.call('HGET', job, 'deadline')
if deadline and tonumber(deadline) < tonumber(at) and state ~= 'rendering' then
  settle('expired', 'DEADLINE_PASSED', 'the deadline passed before a worker was free', ARGV[4])
  return {'settled', 'expired'}
end
local attempt = tonumber(redis.call('HGET', job, 'attempt'))
local used = attempt - tonumber(redis.call('HGET', job, 'handedBack'))
if used >= tonumber(ARGV[3]) then
  settle('failed', 'ATTEMPTS_EXHAUSTED', 'no worker came to an end with it in ' .. used .. ' attempts', ARGV[4])
  return {'settled', 'failed'}
end
attempt = attempt + 1
redis.call('HSET', job, 'state', 'rendering', 'attempt', attempt, 'worker', ARGV[2], 'step', 0)
redis.call('HDEL', job, 'checkpointStep')
redis.call('HSETNX', job, 'queuedAt', at)
redis.call('HSETNX', job, 'startedAt', at)
announce(at)
return {'granted', tostring(attempt), redis.call('GET', KEYS[3]) or ''}
