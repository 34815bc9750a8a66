-- Reserves the version of the record that a dispatcher is about to produce in place of one on an
-- inbox. Every earlier record of the job is void from then on.
-- ARGV[2]: version of the record on the inbox, ARGV[3]: its topic, partition and offset.
-- Answers the verdict and the version. STALE: the job needs no record, because it has ended, a later
-- record of it counts, or a worker draws it from a lane.
local held = redis.call('HMGET', job, 'state', 'edition', 'forwarded', 'topic')
if not held[1] then
  return {'UNKNOWN'}
end
local edition = tonumber(held[2] or 0)
local again = held[3] == ARGV[3]
if terminal(held[1]) or (edition > tonumber(ARGV[2]) and not again) or (held[1] == 'rendering' and held[4] and again) then
  return {too_late(held[1])}
end
local version = string.format('%d', (math.floor(edition / 100) + 1) * 100 + math.floor(tonumber(ARGV[2]) / 10) % 10 * 10)
redis.call('HSET', job, 'edition', version, 'forwarded', ARGV[3])
return {'DONE', version}
