-- Says that a sidecar is there, or that it leaves, and counts those that are. law.lua stands in
-- front.
--
-- KEYS    1 a sorted set of sidecars by the time at which they count as gone
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2 the sidecar's name
--         3 milliseconds after which it counts as gone; 0 where it leaves
-- Result  how many there are

local _, nowMs = clock(ARGV[1])
local ttlMs = tonumber(ARGV[3])
if ttlMs > 0 then
    redis.call("ZADD", KEYS[1], whole(nowMs + ttlMs), ARGV[2])
    redis.call("PEXPIRE", KEYS[1], whole(ttlMs + slackMs))
else
    redis.call("ZREM", KEYS[1], ARGV[2])
end
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", whole(nowMs))
return redis.call("ZCARD", KEYS[1])
