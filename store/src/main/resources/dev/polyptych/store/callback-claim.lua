-- KEYS[3]: the job's callback; ARGV[2]: milliseconds after which a try without a report counts as
-- lost.
-- Answers NOTHING if nothing is left to do, LATER with the milliseconds to wait, or GRANTED with
-- the number of the claim, the tries, the milliseconds since the callback became due and its URL.
local held = redis.call('HMGET', KEYS[3], 'state', 'dueAt', 'since', 'url')
if held[1] ~= 'pending' then
  return {'NOTHING'}
end
local at = tonumber(now())
local left = tonumber(held[2]) - at
if left > 0 then
  return {'LATER', string.format('%d', left)}
end
redis.call('HSET', KEYS[3], 'dueAt', string.format('%d', at + tonumber(ARGV[2])))
local fence = redis.call('HINCRBY', KEYS[3], 'fence', 1)
local tries = redis.call('HINCRBY', KEYS[3], 'tries', 1)
return {'GRANTED', tostring(fence), tostring(tries), string.format('%d', at - tonumber(held[3])), held[4]}
