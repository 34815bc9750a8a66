-- KEYS[1]: an idempotency key; ARGV[1]: the new job for this key, ARGV[2]: digest of the request,
-- ARGV[3]: seconds to keep it. Answers the job of the key, or '' if the key has another digest.
local held = redis.call('HMGET', KEYS[1], 'job', 'digest')
if held[1] then
  return held[2] == ARGV[2] and held[1] or ''
end
redis.call('HSET', KEYS[1], 'job', ARGV[1], 'digest', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return ARGV[1]
