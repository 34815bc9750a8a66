-- KEYS[1]: a sorted set; ARGV[1]: member, ARGV[2]: score as read, ARGV[3]: the new score, or empty
-- to remove the member.
-- Changes nothing if the score has changed since then.
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
