-- KEYS[3]: the job's callback. Makes it due, as if the job had just settled.
if redis.call('EXISTS', KEYS[3]) == 0 then
  return 'UNKNOWN'
end
local at = now()
redis.call('HSET', KEYS[3], 'state', 'pending', 'tries', 0, 'since', at, 'dueAt', at)
return 'DONE'
