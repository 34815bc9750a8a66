-- A job that its producer put on a lane itself. ARGV[2..]: fields and values of the record.
if taken() then
  return 'STALE'
end
local at = now()
redis.call(
  'HSET', job, 'state', 'queued', 'acceptedAt', at, 'queuedAt', at, 'attempt', 0, 'handedBack', 0, 'step', 0)
redis.call('HSET', job, unpack(ARGV, 2))
announce(at)
return 'DONE'
