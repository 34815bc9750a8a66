-- ARGV[2], ARGV[3]: partition and offset of its record, where they are known.
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
  -- It may have been handed over already; then it stands where that put it.
  redis.call('HSETNX', job, 'partition', ARGV[2])
  redis.call('HSETNX', job, 'offset', ARGV[3])
end
values[1] = 'queued'
announce(at, nil, nil, values)
return 'DONE'
