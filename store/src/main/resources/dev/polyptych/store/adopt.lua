-- Writes the record of a job that a backend produced to a lane itself.
-- ARGV[2]: steps of the job, ARGV[3..]: fields and values of the record.
if taken() then
  return 'STALE'
end
local at = now()
redis.call(
  'HSET', job, 'state', 'queued', 'acceptedAt', at, 'queuedAt', at, 'attempt', '0', 'handedBack', '0', 'step', '0',
  unpack(ARGV, 3))
announce(at, nil, nil, {'queued', '0', '0', ARGV[2]})
return 'DONE'
