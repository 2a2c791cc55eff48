-- Corrects grants to what was really used. law.lua stands in front.
--
-- A batch is sent again until it is acknowledged, so every part carries its sequence number, and
-- the mark of the sidecar under the part's hash tag remembers the highest that was applied: what is
-- not above it is passed over.
--
-- KEYS    for each part: the mark, then the keys of its corrections in order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2 milliseconds for which a mark is kept
--         3.. the parts in ascending sequence, each: sequence, number of corrections, then each
--         correction:
--           r used_more_units capacity_units units_per_micro   (negative gives back)
--           c reservation_id
--           s reservation_id held actual window_end_ms
-- Result  the number of parts that were applied

local function settleRate(key, a, now)
    local more, capacity = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local perMicro = tonumber(ARGV[a + 3])
    local level, at = readRate(key, now, capacity, perMicro)
    level = math.max(-MOST, math.min(level - more, capacity))
    writeRate(key, now, level, at, capacity, perMicro)
end

-- A hold that is known ends; one that was overdue, and charged for it, is corrected once; one that
-- nobody knows (Redis lost it, or nothing was held) is charged all the same.
local function settleSpend(key, holds, a, nowMs)
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

local now, nowMs = clock(ARGV[1])
local a, k, applied = 3, 1, 0
while a <= #ARGV do
    local sequence, corrections = tonumber(ARGV[a]), tonumber(ARGV[a + 1])
    local mark = KEYS[k]
    local new = sequence > tonumber(redis.call("GET", mark) or "0")
    a, k = a + 2, k + 1
    for _ = 1, corrections do
        local kind = ARGV[a]
        if kind == "r" then
            if new then
                settleRate(KEYS[k], a, now)
            end
            a, k = a + 4, k + 1
        elseif kind == "c" then
            if new then
                redis.call("ZREM", KEYS[k], ARGV[a + 1])
            end
            a, k = a + 2, k + 1
        else
            if new then
                settleSpend(KEYS[k], KEYS[k + 1], a, nowMs)
            end
            a, k = a + 5, k + 2
        end
    end
    if new then
        redis.call("SET", mark, whole(sequence), "PX", ARGV[2])
        applied = applied + 1
    end
end
return applied
