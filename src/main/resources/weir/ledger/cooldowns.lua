-- Says what is not to be used for a while, and answers all that is known. law.lua stands in front.
--
-- KEYS    1 a sorted set of what cools down, by the time at which that is over
-- ARGV    1 the time
--         2.. what cools down from now on, each a number that stands for its name and milliseconds
-- Result  each number and its milliseconds left, the longest first, a hundred at most

local MOST_SHOWN = 100

for a = 2, #ARGV, 2 do
    local untilMs = nowMs + ARGV[a + 1]
    if untilMs > tonumber(call("ZSCORE", KEYS[1], ARGV[a]) or 0) then
        call("ZADD", KEYS[1], untilMs, ARGV[a])
    end
end
call("ZREMRANGEBYSCORE", KEYS[1], "-inf", nowMs)
local shown = call("ZREVRANGE", KEYS[1], 0, MOST_SHOWN - 1, "WITHSCORES")
if shown[2] then
    call("PEXPIRE", KEYS[1], shown[2] - nowMs + slackMs)
end
for i = 1, #shown, 2 do
    shown[i], shown[i + 1] = tonumber(shown[i]), shown[i + 1] - nowMs
end
return shown
