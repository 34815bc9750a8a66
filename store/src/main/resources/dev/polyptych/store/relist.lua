-- KEYS[1]: a sorted set; ARGV[1]: member, ARGV[2]: score it was seen with, ARGV[3]: the new one, or empty to remove it.
-- An entry that was listed again since then stays.
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then
  return 'STALE'
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
end
return 'DONE'
