-- Writes the registry's index and its edition together.
-- KEYS: manifests, edition
-- ARGV: random text, expected edition ('*': any, '': none), count to exceed,
--       number of fields to delete, those fields, then fields and values to set
local edition = redis.call('GET', KEYS[2]) or ''
if ARGV[2] == '*' then
  if edition == '' then
    return 0
  end
elseif ARGV[2] ~= edition then
  return 0
end
if edition == '' then
  redis.call('DEL', KEYS[1])
end
local deletions = tonumber(ARGV[4])
for i = 5, 4 + deletions do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
for i = 5 + deletions, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
local count = math.max(tonumber(string.match(edition, '^%d+') or '0'), tonumber(ARGV[3])) + 1
redis.call('SET', KEYS[2], string.format('%.0f', count) .. '-' .. ARGV[1])
return 1
