-- Changes nothing. Answers state, attempt, panels, acceptedAt, finishedAt, the tombstone's state
-- (each empty if missing), the number of images in Redis, where they lie in the object store (or
-- empty), and the terminal states in the event stream.
local answer = redis.call('HMGET', job, 'state', 'attempt', 'panels', 'acceptedAt', 'finishedAt')
answer[6] = redis.call('HGET', job .. ':tombstone', 'state')
for i = 1, 6 do
  answer[i] = answer[i] or ''
end
local images = redis.call('EXISTS', job .. ':sheet')
for panel = 1, tonumber(answer[3]) or 0 do
  images = images + redis.call('EXISTS', job .. ':panel:' .. panel)
end
answer[7] = tostring(images)
answer[8] = redis.call('HGET', job, 'results') or ''
for _, event in ipairs(redis.call('XRANGE', events, '-', '+')) do
  for i = 1, #event[2], 2 do
    if event[2][i] == 'state' and terminal(event[2][i + 1]) then
      answer[#answer + 1] = event[2][i + 1]
    end
  end
end
return answer
