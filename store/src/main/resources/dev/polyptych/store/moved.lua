-- ARGV[2]: version of the Kafka record that is valid now,
-- ARGV[3], ARGV[4], ARGV[5]: topic, partition and offset of that record.
local held = redis.call('HMGET', job, 'state', 'edition')
if not held[1] then
  return 'UNKNOWN'
end
if terminal(held[1]) or tonumber(held[2] or 0) > tonumber(ARGV[2]) then
  return too_late(held[1])
end
redis.call('HSET', job, 'edition', ARGV[2], 'topic', ARGV[3], 'partition', ARGV[4], 'offset', ARGV[5])
return 'DONE'
