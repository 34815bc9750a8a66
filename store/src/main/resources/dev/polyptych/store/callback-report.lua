-- KEYS[3]: the job's callback; ARGV[2]: number of the claim, ARGV[3]: its new state, ARGV[4]:
-- milliseconds until the next
-- try, ARGV[5]: HTTP status or empty, ARGV[6]: failure or empty.
local held = redis.call('HMGET', KEYS[3], 'state', 'fence')
if not held[1] then
  return 'UNKNOWN'
end
if held[1] ~= 'pending' or held[2] ~= ARGV[2] then
  return 'STALE'
end
local at = tonumber(now())
redis.call('HSET', KEYS[3], 'state', ARGV[3], 'triedAt', string.format('%d', at), 'status', ARGV[5], 'failure', ARGV[6],
  'dueAt', string.format('%d', at + tonumber(ARGV[4])))
return 'DONE'
