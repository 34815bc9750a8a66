-- KEYS[1]: bytes of each picture of a tenant, KEYS[2]: when each expires, KEYS[3]: the sum of all
-- bytes;
-- ARGV[1]: digest of a picture, ARGV[2]: its size in bytes, ARGV[3]: milliseconds to keep it,
-- ARGV[4]: limit in bytes, empty for none.
-- Answers '' if it counted or renewed the picture. Otherwise answers the bytes in use and the
-- milliseconds until the next picture expires.
local sizes, expiries, sum = KEYS[1], KEYS[2], KEYS[3]
local at, keep = tonumber(now()), tonumber(ARGV[3])
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', expiries, '-inf', at)) do
  redis.call('DECRBY', sum, redis.call('HGET', sizes, gone) or '0')
  redis.call('HDEL', sizes, gone)
  redis.call('ZREM', expiries, gone)
end
if redis.call('HEXISTS', sizes, id) == 0 then
  local used = tonumber(redis.call('GET', sum) or '0')
  if ARGV[4] ~= '' and used + tonumber(ARGV[2]) > tonumber(ARGV[4]) then
    local first = redis.call('ZRANGE', expiries, 0, 0, 'WITHSCORES')
    return {string.format('%d', used), string.format('%d', first[2] and tonumber(first[2]) - at or 0)}
  end
  redis.call('HSET', sizes, id, ARGV[2])
  redis.call('INCRBY', sum, ARGV[2])
end
redis.call('ZADD', expiries, at + keep, id)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, keep + 60000)
end
return {'', '0'}
