-- Corrects grants to what was really used. law.lua stands in front.
--
-- A batch is sent again until it is acknowledged, and after that where Redis may have forgotten it;
-- so every part carries its sequence number, and the mark of the sidecar under the part's hash tag
-- remembers the highest that was applied: what is not above it is passed over.
--
-- A part with a minus in front of its number is a reminder: it says what was open as of that
-- settlement, leaves the mark alone, and is passed over where a later settlement has been applied,
-- which may have ended what it speaks of.
--
-- KEYS    for each part: the mark, then the keys of its corrections in order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2 milliseconds for which a mark is kept
--         3.. the parts in ascending sequence, each: sequence, number of corrections, then each
--         correction:
--           r used_more_units capacity_units units_per_micro   (negative gives back)
--           c reservation_id                                   (leaves)
--           s reservation_id held actual window_end_ms         (ends)
--           i reservation_id deadline_ms                       (is still in flight)
--           h reservation_id held window_end_ms deadline_ms    (is still held)
-- Result  the number of parts that were applied, and of corrections in them that could not be,
--         because their key holds what nobody of us has put there

local function settleRate(a, k, now)
    local more, capacity = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local perMicro = tonumber(ARGV[a + 3])
    local level, at = readRate(KEYS[k], now, capacity, perMicro)
    level = math.max(-MOST, math.min(level - more, capacity))
    writeRate(KEYS[k], now, level, at, capacity, perMicro)
end

local function settleSlot(a, k)
    redis.call("ZREM", KEYS[k], ARGV[a + 1])
end

-- A hold that is known ends; one that was overdue, and charged for it, is corrected once; one that
-- nobody knows (Redis lost it, or nothing was held) is charged all the same.
local function settleSpend(a, k, _, nowMs)
    local key, holds = KEYS[k], KEYS[k + 1]
    local id, amount, actual = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
    local spent, held = readSpend(key)
    local member = whole(amount) .. ":" .. id
    if redis.call("ZREM", holds, "h" .. member) == 1 then
        held = math.max(held - amount, 0)
        spent = spent + actual
    elseif redis.call("ZREM", holds, "c" .. member) == 1 then
        spent = math.max(spent + actual - amount, 0)
    else
        spent = spent + actual
    end
    writeSpend(key, holds, nowMs, tonumber(ARGV[a + 4]), math.min(spent, MOST), held)
end

local function renewSlot(a, k, _, nowMs)
    local deadline = math.min(nowMs + slotMs, tonumber(ARGV[a + 2]))
    if deadline > nowMs then
        redis.call("ZADD", KEYS[k], whole(deadline), ARGV[a + 1])
        local last = redis.call("ZRANGE", KEYS[k], -1, -1, "WITHSCORES")[2]
        redis.call("PEXPIRE", KEYS[k], whole(tonumber(last) - nowMs + slackMs))
    end
end

-- A hold that is known, or that was charged because it was overdue, is left as it is.
local function renewHold(a, k, _, nowMs)
    local key, holds = KEYS[k], KEYS[k + 1]
    local amount = tonumber(ARGV[a + 2])
    local member = whole(amount) .. ":" .. ARGV[a + 1]
    local spent, held = readSpend(key)
    if held + amount <= MOST
        and not redis.call("ZSCORE", holds, "h" .. member)
        and not redis.call("ZSCORE", holds, "c" .. member) then
        redis.call("ZADD", holds, ARGV[a + 4], "h" .. member)
        writeSpend(key, holds, nowMs, tonumber(ARGV[a + 3]), spent, held + amount)
    end
end

local APPLY = { r = settleRate, c = settleSlot, s = settleSpend, i = renewSlot, h = renewHold }
local FIELDS = { r = 4, c = 2, s = 5, i = 3, h = 5 }
local NAMED = { r = 1, c = 1, s = 2, i = 1, h = 2 }

-- Whether this error would come again for ever. Each correction reads before it writes, so nothing
-- of it was done; were it not passed over, no later settlement would ever be applied. (Memory that
-- is full, a server that may not write, and the like end the script at its first write.)
local function isForeign(problem)
    local text = type(problem) == "table" and problem.err or tostring(problem)
    return string.find(text, "WRONGTYPE", 1, true) or string.find(text, "attempt to", 1, true)
end

local now, nowMs = clock(ARGV[1])
local a, k, applied, foreign = 3, 1, 0, 0
while a <= #ARGV do
    local sequence, corrections = math.abs(tonumber(ARGV[a])), tonumber(ARGV[a + 1])
    local reminds = string.sub(ARGV[a], 1, 1) == "-"
    local mark = KEYS[k]
    local last = tonumber(redis.call("GET", mark) or "0")
    local new = sequence > last or reminds and sequence == last
    a, k = a + 2, k + 1
    for _ = 1, corrections do
        local kind = ARGV[a]
        if new then
            local done, problem = pcall(APPLY[kind], a, k, now, nowMs)
            if not done then
                if not isForeign(problem) then
                    error(problem, 0)
                end
                foreign = foreign + 1
            end
        end
        a, k = a + FIELDS[kind], k + NAMED[kind]
    end
    if new then
        applied = applied + 1
        if not reminds then
            redis.call("SET", mark, whole(sequence), "PX", ARGV[2])
        end
    end
end
return { applied, foreign }
