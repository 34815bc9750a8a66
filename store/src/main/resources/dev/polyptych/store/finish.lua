-- KEYS[3..]: sheet, panels; ARGV[2]: attempt, ARGV[3], ARGV[4]: seconds to keep images and record,
-- ARGV[5]: the receipt or empty, ARGV[6]: where the images lie in the object store, or empty,
-- ARGV[7..]: else the images' bytes, as KEYS[3..].
local held = redis.call('HMGET', job, 'state', 'attempt', 'steps')
if not held[1] then
  return 'UNKNOWN'
end
if held[1] ~= 'rendering' or held[2] ~= ARGV[2] then
  return too_late_for(ARGV[2], held[1])
end
if overdue('finishBy', now(), 0) then
  expire('finishBy passed before its images were there', ARGV[4])
  return 'STALE'
end
for i = 3, #KEYS do
  redis.call('SET', KEYS[i], ARGV[i + 4], 'EX', ARGV[3])
end
if ARGV[6] ~= '' then
  redis.call('HSET', job, 'results', ARGV[6])
end
if ARGV[5] ~= '' then
  redis.call('SET', job .. ':receipt', ARGV[5], 'EX', ARGV[4])
end
redis.call('HSET', job, 'step', held[3])
settle('done', '', '', ARGV[4])
return 'DONE'
