-- Common to all scripts. KEYS[1]: the job's hash, KEYS[2]: its event stream, ARGV[1]: its id.
-- Times come from the clock of Redis, in milliseconds.
-- Most answers are names of dev.polyptych.store.Verdict.
local job, events, id = KEYS[1], KEYS[2], ARGV[1]

-- Events kept for readers that reconnect. Each event carries the whole status, so a reader does not
-- need older ones.
local KEPT_EVENTS = 512

local function now()
  local time = redis.call('TIME')
  return string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
end

local function terminal(state)
  return state == 'done' or state == 'failed' or state == 'cancelled' or state == 'expired'
end

-- The answer to a change that is too late for a job in this state.
local function too_late(state)
  return state == 'cancelled' and 'CANCELLED' or 'STALE'
end

-- The attempts whose worker went silent with the job, as ',1,3,'.
local function lost()
  return redis.call('HGET', job, 'lost') or ','
end

-- The answer to a report of an attempt that does not hold the job. Its worker lives after all.
local function too_late_for(attempt, state)
  local rest, found = string.gsub(lost(), ',' .. attempt .. ',', ',')
  if found > 0 then
    redis.call('HSET', job, 'lost', rest)
  end
  return too_late(state)
end

-- Whether the id belongs to a job. Includes a job whose record has expired, while its tombstone
-- exists.
local function taken()
  return redis.call('EXISTS', job, job .. ':tombstone') > 0
end

-- Whether a deadline of the job has passed, or will pass within the needed milliseconds.
local function overdue(field, at, needed)
  local deadline = redis.call('HGET', job, field)
  return deadline and tonumber(deadline) < tonumber(at) + needed
end

-- State, attempt, version and place of the latest record; '-' for what is not known.
local function standing()
  local held = redis.call('HMGET', job, 'state', 'attempt', 'edition', 'partition', 'offset')
  for i = 1, 5 do
    held[i] = held[i] or '-'
  end
  return table.concat(held, ' ')
end

-- The fields of an event, with their current values in the record.
local STATUS = {'state', 'attempt', 'step', 'steps', 'worker', 'code', 'detail', 'exactCode'}
local function status()
  return redis.call('HMGET', job, unpack(STATUS))
end

-- Appends the job's current status to its event stream and publishes it. preview may be nil.
-- callback: whether a callback is due now. values: the values of STATUS, if the caller has them.
local function announce(at, preview, callback, values)
  values = values or status()
  local fields, entry = {at = at}, {'at', at}
  for i, name in ipairs(STATUS) do
    local value = values[i] or ''
    fields[name] = value
    entry[#entry + 1] = name
    entry[#entry + 1] = value
  end
  if preview then
    fields.preview = preview
    entry[#entry + 1] = 'preview'
    entry[#entry + 1] = preview
  end
  local entry_id = redis.call('XADD', events, 'MAXLEN', '~', KEPT_EVENTS, '*', unpack(entry))
  redis.call('PUBLISH', 'events', cjson.encode({job = id, id = entry_id, fields = fields, callback = callback}))
end

-- Writes the callback of a settled job. Answers nil if the job named no address.
local function owe_callback(at, keep_seconds)
  local url = redis.call('HGET', job, 'callbackUrl')
  if url then
    local callback = job .. ':callback'
    redis.call('HSET', callback, 'state', 'pending', 'url', url, 'settledAt', at, 'since', at, 'dueAt', at,
      'tries', 0, 'fence', 0)
    redis.call('EXPIRE', callback, keep_seconds)
  end
  return url and true
end

-- exact: a code that readers one version back do not know, in place of code. May be nil.
local function settle(state, code, detail, keep_seconds, exact)
  local at = now()
  redis.call('HSET', job, 'state', state, 'finishedAt', at, 'code', code, 'detail', detail)
  if exact then
    redis.call('HSET', job, 'exactCode', exact)
  end
  redis.call('HDEL', job, 'nextAttemptAt')
  announce(at, nil, owe_callback(at, keep_seconds))
  redis.call('DEL', job .. ':checkpoint')
  redis.call('EXPIRE', job, keep_seconds)
  local held = redis.call('HMGET', job, 'tombstoneSeconds', 'tenant')
  if held[1] then
    -- The tombstone is in the slot of the job, because its name has the same hash tag.
    redis.call('HSET', job .. ':tombstone', 'state', state, 'code', code, 'finishedAt', at, 'tenant', held[2] or 'default')
    if exact then
      redis.call('HSET', job .. ':tombstone', 'exactCode', exact)
    end
    redis.call('EXPIRE', job .. ':tombstone', held[1])
  end
  redis.call('EXPIRE', events, keep_seconds)
end

local function expire(detail, keep_seconds)
  settle('expired', 'DEADLINE_PASSED', detail, keep_seconds)
end
