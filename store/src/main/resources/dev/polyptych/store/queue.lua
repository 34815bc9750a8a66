-- ARGV[2], ARGV[3]: partition and offset of its Kafka record, if known.
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
if ARGV[3] then
  -- A handover may have stored a newer position already. That one stays.
  redis.call('HSETNX', job, 'partition', ARGV[2])
  redis.call('HSETNX', job, 'offset', ARGV[3])
end
values[1] = 'queued'
announce(at, nil, nil, values)
return 'DONE'
