-- ARGV[2]: attempt, ARGV[3]: completed steps, ARGV[4]: '1' to announce them,
-- ARGV[5]: seconds to keep the record if this script settles it, ARGV[6]: a preview for the event,
-- or empty.
local held = redis.call('HMGET', job, 'state', 'attempt', 'step')
if not held[1] then
  return 'UNKNOWN'
end
if held[1] ~= 'rendering' or held[2] ~= ARGV[2] then
  return too_late_for(ARGV[2], held[1])
end
if overdue('finishBy', now(), 0) then
  expire('finishBy passed while it was being rendered', ARGV[5])
  return 'STALE'
end
-- A retried older report may arrive after a newer one. It is ignored.
if tonumber(ARGV[3]) < tonumber(held[3]) then
  return 'DONE'
end
redis.call('HSET', job, 'step', ARGV[3])
if ARGV[4] == '1' then
  announce(now(), ARGV[6] ~= '' and ARGV[6] or nil)
end
return 'DONE'
