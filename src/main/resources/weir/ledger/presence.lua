-- Says that a sidecar is there, or that it leaves, and counts those that are. law.lua stands in
-- front.
--
-- KEYS    1 a sorted set of sidecars by the time at which they count as gone
-- ARGV    1 the time
--         2 the sidecar's name
--         3 milliseconds after which it counts as gone; 0 where it leaves
-- Result  how many there are

local ttlMs = tonumber(ARGV[3])
if ttlMs > 0 then
    call("ZADD", KEYS[1], nowMs + ttlMs, ARGV[2])
    call("PEXPIRE", KEYS[1], ttlMs + slackMs)
else
    call("ZREM", KEYS[1], ARGV[2])
end
call("ZREMRANGEBYSCORE", KEYS[1], "-inf", nowMs)
return call("ZCARD", KEYS[1])
