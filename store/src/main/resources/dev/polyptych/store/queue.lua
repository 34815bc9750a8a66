-- ARGV[2], ARGV[3], ARGV[4]: topic, partition and offset of its Kafka record.
local values = status()
local state = values[1]
if not state then
  return 'UNKNOWN'
end
if state ~= 'accepted' then
  return too_late(state)
end
local at = now()
redis.call('HSET', job, 'state', 'queued', 'queuedAt', at)
-- A handover may have stored a newer position already. That one stays.
redis.call('HSETNX', job, 'topic', ARGV[2])
redis.call('HSETNX', job, 'partition', ARGV[3])
redis.call('HSETNX', job, 'offset', ARGV[4])
values[1] = 'queued'
announce(at, nil, nil, values)
return 'DONE'
