-- Takes a call from four limits, all or none.
--
-- KEYS  1 nano-dollars of this day, 2 requests of this minute, 3 tokens of this minute, 4 calls at once
-- ARGV  1-4 their limits, 5-8 what to take of each, 9 calls that have ended since
-- Result  0, or the number of the first limit that is reached
local used = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
local ended = tonumber(ARGV[9])
for i = 1, 4 do
    local now = tonumber(used[i]) or 0
    if i == 4 then
        now = now - ended
    end
    if now + tonumber(ARGV[4 + i]) > tonumber(ARGV[i]) then
        if ended > 0 then
            redis.call('DECRBY', KEYS[4], ended)
        end
        return i
    end
end
local seconds = { 172800, 120, 120, 3600 }
for i = 1, 4 do
    redis.call('INCRBY', KEYS[i], i == 4 and ARGV[8] - ended or ARGV[4 + i])
    redis.call('EXPIRE', KEYS[i], seconds[i])
end
return 0
