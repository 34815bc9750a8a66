-- KEYS[1]: the reservation of each open job, KEYS[2]: sums of them by tenant and lane,
-- KEYS[3]: the tenant's token bucket of submissions;
-- ARGV[1]: job, ARGV[2]: tenant, ARGV[3]: lane, ARGV[4]: GPU milliseconds the job needs,
-- limits, empty for none: ARGV[5], ARGV[6]: submissions per second and burst, ARGV[7]: the tenant's
-- jobs,
-- ARGV[8]: its GPU milliseconds, ARGV[9]: jobs in the lane.
-- Reserves and answers '' if no limit is exceeded. Otherwise answers the limit's name, its use
-- and the milliseconds to wait (0: unknown).
local reserved, sums, bucket = KEYS[1], KEYS[2], KEYS[3]
local tenant, lane, cost = ARGV[2], ARGV[3], tonumber(ARGV[4])
if redis.call('HEXISTS', reserved, id) == 1 then
  return {'', '0', '0'}
end

local rate, burst, at, tokens = tonumber(ARGV[5]), tonumber(ARGV[6]), nil, nil
if rate then
  at = tonumber(now())
  local held = redis.call('HMGET', bucket, 'tokens', 'at')
  tokens = burst
  if held[1] then
    tokens = math.min(burst, tonumber(held[1]) + math.max(0, at - tonumber(held[2])) / 1000 * rate)
  end
  if tokens < 1 then
    return {'submissionsPerSecond', string.format('%.3f', burst - tokens), string.format('%d', math.ceil((1 - tokens) / rate * 1000))}
  end
end

local names = {'jobs:' .. tenant, 'gpu:' .. tenant, 'lane:' .. lane}
local used = redis.call('HMGET', sums, unpack(names))
local jobs, gpu, in_lane = tonumber(used[1] or '0'), tonumber(used[2] or '0'), tonumber(used[3] or '0')
if ARGV[7] ~= '' and jobs + 1 > tonumber(ARGV[7]) then
  return {'queuedJobs', tostring(jobs), '0'}
end
-- A job that exceeds the limit alone is admitted if the tenant has no other job.
if ARGV[8] ~= '' and gpu > 0 and gpu + cost > tonumber(ARGV[8]) then
  return {'gpuSeconds', string.format('%.3f', gpu / 1000), '0'}
end
if ARGV[9] ~= '' and in_lane + 1 > tonumber(ARGV[9]) then
  return {'laneJobs', tostring(in_lane), '0'}
end

if rate then
  redis.call('HSET', bucket, 'tokens', string.format('%.6f', tokens - 1), 'at', string.format('%d', at))
  redis.call('PEXPIRE', bucket, math.ceil(burst / rate * 1000) + 1000)
end
redis.call('HSET', reserved, id, tenant .. ' ' .. lane .. ' ' .. ARGV[4])
redis.call('HSET', sums, names[1], string.format('%d', jobs + 1), names[2], string.format('%d', gpu + cost),
  names[3], string.format('%d', in_lane + 1))
return {'', '0', '0'}
