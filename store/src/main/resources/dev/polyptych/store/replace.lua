-- Replaces the record of an open job that no worker will get any more. The job must have been found
-- so twice, with the same standing, one to four leases apart: an older finding says nothing.
-- ARGV[2]: its standing as it was found, ARGV[3]: milliseconds between the two times,
-- ARGV[4]: attempts allowed, ARGV[5]: seconds to keep the record, and an open job that is lost.
-- Answers 'OTHERWISE' if the standing has changed, 'SUSPECTED' before the second time, 'FAILED', or
-- 'AGAIN' and the version of the record that is to be produced.
local state = redis.call('HGET', job, 'state')
if not state or state == 'accepted' or terminal(state) or standing() ~= ARGV[2] then
  return {'OTHERWISE'}
end
local at = now()
local since, before = string.match(redis.call('HGET', job, 'suspected') or '', '^(%d+) (.*)$')
local apart = tonumber(at) - tonumber(since or at)
if before ~= ARGV[2] or apart > 4 * tonumber(ARGV[3]) then
  redis.call('HSET', job, 'suspected', at .. ' ' .. ARGV[2])
  return {'SUSPECTED'}
end
if apart < tonumber(ARGV[3]) then
  return {'SUSPECTED'}
end
local held = redis.call('HMGET', job, 'attempt', 'handedBack', 'edition', 'acceptedAt')
local used = tonumber(held[1]) - tonumber(held[2])
if used >= tonumber(ARGV[4]) then
  settle('failed', 'ATTEMPTS_EXHAUSTED', 'its record or its state was lost after ' .. used
    .. ' attempts; submit it again', ARGV[5], 'LOST_BY_STORE')
  return {'FAILED'}
end
if tonumber(at) - tonumber(held[4]) > tonumber(ARGV[5]) * 1000 then
  settle('failed', 'ATTEMPTS_EXHAUSTED', 'its record was lost, and it is too old to begin again; submit it again',
    ARGV[5], 'LOST_BY_STORE')
  return {'FAILED'}
end
-- A later edition makes every earlier record of the job void; see RecordVersion.
local edition = string.format('%d', (math.floor(tonumber(held[3] or 0) / 100) + 1) * 100 + (used + 1) * 10)
redis.call('HSET', job, 'state', 'queued', 'step', 0, 'edition', edition)
redis.call('HDEL', job, 'worker', 'nextAttemptAt', 'suspected')
announce(at)
return {'AGAIN', edition}
