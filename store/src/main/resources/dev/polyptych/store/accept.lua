-- ARGV[2]: steps of the job, ARGV[3..]: fields and values of the record.
if taken() then
  return 'STALE'
end
local at = now()
redis.call(
  'HSET', job, 'state', 'accepted', 'acceptedAt', at, 'attempt', '0', 'handedBack', '0', 'step', '0', unpack(ARGV, 3))
announce(at, nil, nil, {'accepted', '0', '0', ARGV[2]})
return 'DONE'
