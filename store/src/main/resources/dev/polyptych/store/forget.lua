-- KEYS[1]: an idempotency key; ARGV[1]: a job. The key is deleted only if it belongs to this job.
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 'DONE'
