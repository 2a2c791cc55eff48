-- Corrects grants to what was really used. law.lua stands in front.
--
-- A batch is sent again until it is acknowledged, so every part carries its sequence number, and
-- the mark of the sidecar under the part's hash tag remembers the highest that was applied: what is
-- not above it is passed over.
--
-- KEYS    for each part: the mark, then the keys of its corrections in order
-- ARGV    1 the time
--         2 milliseconds for which a mark is kept
--         3.. the parts in ascending sequence, each: sequence, number of corrections, then each
--         correction:
--           r used_more_units capacity_units units_per_micro   (negative gives back)
--           c reservation_id
--           s reservation_id actual window_end_ms
-- Result  the number of parts that were applied

local function settleRate(key, a)
    local more, capacity = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local perMicro = tonumber(ARGV[a + 3])
    local level, at, out, lastEnd, recall = rate(call("GET", key), capacity, perMicro)
    level = max(-MOST, min(level - more, capacity - out))
    setRate(key, level, at, out, lastEnd, recall, capacity, perMicro)
end

-- A hold that is known ends; one that was overdue, and charged for it, is corrected once; one that
-- nobody knows (Redis lost it, or nothing was held) is charged all the same.
local function settleMoney(key, holds, a)
    local id, more, endMs = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
    local m, known = sumsOf(key), call("HMGET", key, "h" .. id, "c" .. id)
    if known[1] then
        m.held = max(m.held - known[1], 0)
        call("ZREM", holds, "h" .. id)
        call("HDEL", key, "h" .. id)
    elseif known[2] then
        more = more - known[2]
        call("ZREM", holds, "c" .. id)
        call("HDEL", key, "c" .. id)
    end
    m.spent = max(min(m.spent + more, MOST), 0)
    setMoney(key, holds, endMs, m)
end

local a, k, applied = 3, 1, 0
while a <= #ARGV do
    local sequence, corrections = tonumber(ARGV[a]), tonumber(ARGV[a + 1])
    local mark = KEYS[k]
    local new = sequence > tonumber(call("GET", mark) or 0)
    a, k = a + 2, k + 1
    for _ = 1, corrections do
        local kind = ARGV[a]
        if kind == "r" then
            if new then
                settleRate(KEYS[k], a)
            end
            a, k = a + 4, k + 1
        elseif kind == "c" then
            if new then
                call("ZREM", KEYS[k], ARGV[a + 1])
            end
            a, k = a + 2, k + 1
        else
            if new then
                settleMoney(KEYS[k], KEYS[k + 1], a)
            end
            a, k = a + 4, k + 2
        end
    end
    if new then
        call("SET", mark, sequence, "PX", ARGV[2])
        applied = applied + 1
    end
end
return applied
