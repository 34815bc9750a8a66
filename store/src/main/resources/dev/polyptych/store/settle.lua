-- ARGV[2]: guard: 'open' for any open state, 'accepted' for that state, otherwise the attempt that
-- must hold the job;
-- ARGV[3]: terminal state, ARGV[4]: error code, ARGV[5]: detail, ARGV[6]: seconds to keep the
-- record,
-- ARGV[7]: the tenant that must own the job, otherwise UNKNOWN; empty for any tenant,
-- ARGV[8]: version of the Kafka record that ends; STALE if a later record counts. Absent for any.
local held = redis.call('HMGET', job, 'state', 'attempt', 'tenant', 'edition')
local state, attempt = held[1], held[2]
if not state or (ARGV[7] ~= '' and held[3] ~= ARGV[7]) then
  return 'UNKNOWN'
end
local guarded
if ARGV[2] == 'open' then
  guarded = not terminal(state)
elseif ARGV[2] == 'accepted' then
  guarded = state == 'accepted'
else
  guarded = state == 'rendering' and attempt == ARGV[2]
end
if not guarded or (ARGV[8] and tonumber(ARGV[8]) < tonumber(held[4] or 0)) then
  return too_late_for(ARGV[2], state)
end
settle(ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 'DONE'
