-- KEYS[3]: the checkpoint; ARGV[2]: attempt, ARGV[3]: completed steps, ARGV[4]: the state, ARGV[5]:
-- seconds to keep it.
local held = redis.call('HMGET', job, 'state', 'attempt', 'checkpointStep')
if not held[1] then
  return 'UNKNOWN'
end
if held[1] ~= 'rendering' or held[2] ~= ARGV[2] then
  return too_late_for(ARGV[2], held[1])
end
-- An older checkpoint of the same attempt may arrive late. It is ignored.
if not held[3] or tonumber(held[3]) < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
  redis.call('HSET', job, 'checkpointStep', ARGV[3])
end
return 'DONE'
