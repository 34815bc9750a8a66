-- ARGV[2]: milliseconds after which an accepted job counts as forgotten by its dispatcher,
-- ARGV[3]: seconds to keep the record if this script settles it.
-- ARGV[4]: the most milliseconds until the next look.
-- Answers the finding, the milliseconds until the next look, and 'CALLBACK' if the job is settled
-- and its callback is pending; for a job that is queued or rendered also its lane, standing and the topic
-- of its record, or empty.
local function settled(finding)
  local callback = redis.call('HGET', job .. ':callback', 'state')
  return {finding, '0', callback == 'pending' and 'CALLBACK' or ''}
end
local state = redis.call('HGET', job, 'state')
if not state then
  return {'UNKNOWN', ARGV[2]}
end
if terminal(state) then
  return settled('SETTLED')
end
local at = now()
if redis.call('HEXISTS', job, 'startedAt') == 0 and overdue('startBy', at, 0) then
  expire('startBy passed before a worker was free', ARGV[3])
  return settled('EXPIRED')
end
if overdue('finishBy', at, 0) then
  expire('finishBy passed before its images were there', ARGV[3])
  return settled('EXPIRED')
end
if state == 'accepted' then
  local since = redis.call('HGET', job, 'sweptAt') or redis.call('HGET', job, 'acceptedAt')
  local left = tonumber(since) + tonumber(ARGV[2]) - tonumber(at)
  if left > 0 then
    return {'OPEN', string.format('%d', left)}
  end
  -- Only this sweeper gets the job: for others the waiting time starts again.
  redis.call('HSET', job, 'sweptAt', at)
  return {'FORGOTTEN', ARGV[2]}
end
local wait = tonumber(ARGV[4])
for _, field in ipairs({'startBy', 'finishBy'}) do
  local deadline = redis.call('HGET', job, field)
  local left = deadline and tonumber(deadline) - tonumber(at) + 1 or 0
  if left > 0 and left < wait then
    wait = left
  end
end
return {'OPEN', string.format('%d', wait), '', redis.call('HGET', job, 'lane'), standing(),
  redis.call('HGET', job, 'topic') or ''}
