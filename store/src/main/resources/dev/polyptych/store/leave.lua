-- KEYS[1]: the reservation of each open job, KEYS[2]: sums of them by tenant and lane;
-- ARGV[1..]: jobs whose reservation ends.
-- Answers how many of them had a reservation. A job without one changes nothing, so a retry is
-- safe.
local reserved, sums = KEYS[1], KEYS[2]

local function less(sum, amount)
  if redis.call('HINCRBY', sums, sum, string.format('%d', -tonumber(amount))) <= 0 then
    redis.call('HDEL', sums, sum)
  end
end

local ended = 0
for _, job in ipairs(ARGV) do
  local held = redis.call('HGET', reserved, job)
  if held then
    local tenant, lane, cost = string.match(held, '^(%S+) (%S+) (%d+)$')
    redis.call('HDEL', reserved, job)
    less('jobs:' .. tenant, 1)
    less('gpu:' .. tenant, cost)
    less('lane:' .. lane, 1)
    ended = ended + 1
  end
end
return ended
