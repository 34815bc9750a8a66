-- KEYS[1]: an idempotency key; ARGV[1]: the job that it must stand for to be forgotten.
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 'DONE'
