-- Corrects grants to what was really used. law.lua and foreign.lua stand in front.
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
-- ARGV    1 the time
--         2 milliseconds for which a mark is kept
--         3.. the parts in ascending sequence, each: sequence, number of corrections, then each
--         correction:
--           r used_more_units capacity_units units_per_micro   (negative gives back)
--           c reservation_id                                   (leaves)
--           s reservation_id actual window_end_ms              (ends)
--           e reservation_id actual window_end_ms deadline_ms  (ends, whoever settles it)
--           i reservation_id deadline_ms                       (is still in flight)
--           h reservation_id held window_end_ms deadline_ms    (is still held)
-- Result  the number of parts that were applied, and of corrections in them that could not be,
--         because their key holds what nobody of us has put there

local function settleRate(a, k)
    local more, capacity = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local perMicro = tonumber(ARGV[a + 3])
    local level, at, out, lastEnd, recall, untilMs = rate(call("GET", KEYS[k]), capacity, perMicro)
    level = max(-MOST, min(level - more, capacity - out))
    setRate(KEYS[k], level, at, out, lastEnd, recall, untilMs, capacity, perMicro)
end

local function settleSlot(a, k)
    call("ZREM", KEYS[k], ARGV[a + 1])
end

-- A hold that is known ends; one that was overdue, and charged for it, is corrected once; one that
-- nobody knows (Redis lost it, or nothing was held) is charged all the same.
local function settleMoney(a, k)
    local key, holds = KEYS[k], KEYS[k + 1]
    local id, more, endMs = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
    local m, known = sumsOf(key), call("HMGET", key, "h" .. id, "c" .. id)
    local member = nil
    if known[1] then
        m.held, member = max(m.held - known[1], 0), "h" .. id
    elseif known[2] then
        more, member = more - known[2], "c" .. id
    end
    m.spent = max(min(m.spent + more, MOST), 0)
    if member then
        call("ZREM", holds, member)
        call("HDEL", key, member)
    end
    setMoney(key, holds, endMs, m)
end

-- What is entrusted may be settled again by another sidecar, where Redis has lost that it was over;
-- so the charge stays known for as long as it can be corrected.
local function settleEntrusted(a, k)
    local key, holds, id = KEYS[k], KEYS[k + 1], ARGV[a + 1]
    local actual, forgetMs = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 4]) + REMEMBER_MS
    local m, known = sumsOf(key), call("HMGET", key, "h" .. id, "c" .. id)
    if known[1] then
        m.held = max(m.held - known[1], 0)
        call("ZREM", holds, "h" .. id)
        call("HDEL", key, "h" .. id)
    end
    m.spent = max(min(m.spent + actual - (known[2] or 0), MOST), 0)
    m.due = min(m.due, forgetMs)
    hold(holds, "c" .. id, forgetMs, m, true)
    setMoney(key, holds, tonumber(ARGV[a + 3]), m, "c" .. id, ARGV[a + 2])
end

local function renewSlot(a, k)
    local key, stateKey = KEYS[k], KEYS[k + 1]
    local deadline = min(nowMs + slotMs, tonumber(ARGV[a + 2]))
    local count, out, busy, lastEnd, recall, due = slots(key, stateKey, call("GET", stateKey))
    if deadline > nowMs then
        takeSlot(
            key, stateKey, ARGV[a + 1], deadline, count, due, out, busy, lastEnd, recall)
    end
end

-- A hold that is known, or that was charged because it was overdue, is left as it is.
local function renewHold(a, k)
    local key, holds, member = KEYS[k], KEYS[k + 1], "h" .. ARGV[a + 1]
    local amount, deadline = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 4])
    local m, known = sumsOf(key), call("HMGET", key, member, "c" .. ARGV[a + 1])
    if not known[1] and not known[2] and m.held + amount <= MOST then
        hold(holds, member, deadline, m, m.held == 0)
        m.held, m.due = m.held + amount, min(m.due, deadline)
        setMoney(key, holds, tonumber(ARGV[a + 3]), m, member, ARGV[a + 2])
    end
end

local APPLY = {
    r = settleRate,
    c = settleSlot,
    s = settleMoney,
    e = settleEntrusted,
    i = renewSlot,
    h = renewHold,
}
local FIELDS = { r = 4, c = 2, s = 4, e = 5, i = 3, h = 5 }
local NAMED = { r = 1, c = 1, s = 2, e = 2, i = 2, h = 2 }

local a, k, applied, foreign = 3, 1, 0, 0
while a <= #ARGV do
    local sequence, corrections = math.abs(tonumber(ARGV[a])), tonumber(ARGV[a + 1])
    local reminds = string.sub(ARGV[a], 1, 1) == "-"
    local mark = KEYS[k]
    local last = tonumber(call("GET", mark) or 0)
    local new = sequence > last or reminds and sequence == last
    a, k = a + 2, k + 1
    for _ = 1, corrections do
        local kind = ARGV[a]
        if new then
            if not passes(APPLY[kind], a, k) then
                foreign = foreign + 1
            end
        end
        a, k = a + FIELDS[kind], k + NAMED[kind]
    end
    if new then
        applied = applied + 1
        if not reminds then
            call("SET", mark, sequence, "PX", ARGV[2])
        end
    end
end
return { applied, foreign }
