local state = redis.call('HGET', job, 'state')
if not state then
  return 'UNKNOWN'
end
if state ~= 'accepted' then
  return 'STALE'
end
local at = now()
redis.call('HSET', job, 'state', 'queued', 'queuedAt', at)
announce(at)
return 'DONE'
