-- The law of counters, put in front of every script of the ledger. It is the twin of RateCounter,
-- SlotCounter and SpendCounter in Java: what one changes, the other has to change too, and the
-- random walk of the tests finds where they part.
--
-- KEYS    first all strings (rates and the states of slots), then for each claim what else it has,
--         both in the claims' order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests);
--         claims lie flat in ARGV, each a kind and its fields:
--           r shadow amount_units fits_capacity capacity_units units_per_micro
--           c shadow amount max
--           s shadow amount limit window_start_ms window_end_ms
-- Result  none of its own: the time and functions for the script that follows
--
-- THE DATA. What the way of a request needs is in one read for each counter. What only the holders
-- of leases need lies beside it and costs a request nothing.
--
--   rate    string         "level at", or where there are leases "level at out last_end recall"
--   slots   string :state  "due", or "due out busy last_end recall"
--           sorted set     ids of requests in flight by deadline
--   both    hash :leases   "" = "holders next_end", holder = "sequence amount busy used end"
--   money   hash           spent held out busy holders recall due until, h<id> and c<id> = amount,
--                          l<holder> = "sequence amount busy used expired"
--           set :holds     by time: h<id> a hold is charged, c<id> a charge can no longer be
--                          corrected, l<holder> a lease ends, t<holder> a holder is forgotten
--
-- out is what is leased, busy the part of it that requests hold; both are sums over all holders.
-- due is no later than the first deadline, so until then nobody looks for what is overdue. Up to
-- last_end some lease may last; at next_end, or later, the first one ends. So a lease of a rate or
-- of slots that ends without a word is given up when the next holder reports, and at the latest,
-- by anybody, when all are over. until is how long Redis keeps a money's keys; it is prolonged in
-- steps of an hour.
--
-- Every number is a whole one below 2^53, which a double holds exactly. Quotients go through fmod,
-- which is exact too. Redis writes such a number in full where it is a word of a command of its
-- own; inside a text it becomes one by "%.0f", never by tostring, which would write 1e+15.

local call, format, match = redis.call, string.format, string.match
local fmod, floor, min, max = math.fmod, math.floor, math.min, math.max

local FITS, SHORT, RESERVED, EXHAUSTED, TOO_LARGE = 0, 1, 2, 3, 4

local OVERDUE_AT_ONCE = 16
local REMEMBER_MS = 3600000
local AFTER_WINDOW_MS = 90000000
local TOTAL_MS = 34560000000
local LINGER_MS = 3600000
local LEASE_MS = 30000
local RECALL_MS = 1000
local MOST = 4503599627370496

-- With a clock that is given, keys must outlive the real time that the test takes.
local slackMs = 0
local now = tonumber(ARGV[1])
if now == 0 then
    local t = call("TIME")
    now = t[1] * 1000000 + t[2]
else
    slackMs = 86400000
end
local nowMs = floor(now / 1000)

local function divDown(a, b)
    return (a - fmod(a, b)) / b
end

local function refill(level, at, to, capacity, perMicro, out)
    local elapsed = to - at
    if elapsed > 0 then
        local more = elapsed * perMicro
        level = more >= capacity - level and capacity or level + more
        at = to
    end
    return min(level, capacity - out), at
end

-- A bucket in the present, from its string; no string means full. Level, its time, and of leases
-- what is out, when all are over, and until when holders are asked for what they can spare.
local function rate(raw, capacity, perMicro)
    if not raw then
        return capacity, now, 0, 0, 0
    end
    local gap = string.find(raw, " ", 1, true)
    local level = tonumber(string.sub(raw, 1, gap - 1))
    local at = tonumber(string.sub(raw, gap + 1))
    local out, lastEnd, recall = 0, 0, 0
    if not at then
        at, out, lastEnd, recall = match(raw, " (%S+) (%S+) (%S+) (%S+)$")
        at, out, lastEnd, recall = at + 0, out + 0, lastEnd + 0, recall + 0
        if nowMs >= lastEnd then
            level, at = refill(level, at, lastEnd * 1000, capacity, perMicro, out)
            out, recall = 0, 0
        end
    end
    level, at = refill(level, at, now, capacity, perMicro, out)
    return level, at, out, lastEnd, recall
end

-- A bucket's key lives until it is full, and longer than its leases.
local function setRate(key, level, at, out, lastEnd, recall, capacity, perMicro)
    local px = floor(((capacity - level) / perMicro + at - now) / 1000) + 2 + slackMs
    if out > 0 then
        px = max(px, lastEnd - nowMs + floor(out / perMicro / 1000) + 2 + slackMs)
        local text = format("%.0f %.0f %.0f %.0f %.0f", level, at, out, lastEnd, recall)
        call("SET", key, text, "PX", px)
    elseif level >= capacity then
        call("DEL", key)
    else
        call("SET", key, format("%.0f %.0f", level, at), "PX", px)
    end
end

local function setState(key, due, out, busy, lastEnd, recall)
    local text
    if out > 0 then
        text = format("%.0f %.0f %.0f %.0f %.0f", due, out, busy, lastEnd, recall)
    else
        text = format("%.0f", due)
    end
    call("SET", key, text, "PX", AFTER_WINDOW_MS + slackMs)
end

local function firstDeadline(key)
    return tonumber(call("ZRANGE", key, 0, 0, "WITHSCORES")[2] or MOST)
end

-- Slots in the present, from the string of their state: requests in flight, and of leases what is
-- out, busy, when all are over and until when holders are asked for what they can spare; and due.
local function slots(key, stateKey, raw)
    local due, out, busy, lastEnd, recall = tonumber(raw or 0), 0, 0, 0, 0
    local changed = false
    if not due then
        due, out, busy, lastEnd, recall = match(raw, "^(%S+) (%S+) (%S+) (%S+) (%S+)$")
        due, out, busy, lastEnd, recall = due + 0, out + 0, busy + 0, lastEnd + 0, recall + 0
        if nowMs >= lastEnd then
            out, busy, recall, changed = 0, 0, 0, true
        end
    end
    if nowMs >= due then
        call("ZREMRANGEBYSCORE", key, "-inf", nowMs)
        due, changed = firstDeadline(key), true
    end
    if changed then
        setState(stateKey, due, out, busy, lastEnd, recall)
    end
    return call("ZCARD", key), out, busy, lastEnd, recall, due
end

-- Prolongs the life of a money's keys where it is too short; returns until when they live.
local function keepMoney(key, holds, endMs, untilMs)
    local wanted = min(max(endMs, nowMs) + AFTER_WINDOW_MS, nowMs + TOTAL_MS)
    if untilMs >= wanted then
        return untilMs
    end
    untilMs = wanted + LINGER_MS
    call("HSET", key, "until", untilMs)
    call("PEXPIRE", key, untilMs - nowMs + slackMs)
    call("PEXPIRE", holds, untilMs - nowMs + slackMs)
    return untilMs
end

-- Adds to the set of holds, which may have been empty, and then has no expiry.
local function hold(holds, member, deadlineMs, untilMs, wasEmpty)
    call("ZADD", holds, deadlineMs, member)
    if wasEmpty then
        call("PEXPIRE", holds, max(untilMs - nowMs, AFTER_WINDOW_MS) + slackMs)
    end
end

-- Ends what is overdue, a few at a time, so that no caller pays for many. What is left over still
-- counts as held: too careful, never too generous.
local function expireMoney(key, holds, endMs, spent, held, due, untilMs, out, busy)
    local overdue =
        call("ZRANGEBYSCORE", holds, "-inf", nowMs, "LIMIT", 0, OVERDUE_AT_ONCE)
    for _, member in ipairs(overdue) do
        local what, who = string.sub(member, 1, 1), string.sub(member, 2)
        call("ZREM", holds, member)
        if what == "h" then
            local amount = tonumber(call("HGET", key, member) or 0)
            spent, held = min(spent + amount, MOST), held - amount
            call("HDEL", key, member)
            call("HSET", key, "c" .. who, amount)
            call("ZADD", holds, nowMs + REMEMBER_MS, "c" .. who)
        elseif what == "l" then
            local sequence, amount, its, used =
                match(call("HGET", key, member) or "0 0 0 0 ", "^(%S+) (%S+) (%S+) (%S+) ")
            spent, out, busy = min(spent + amount, MOST), out - amount, busy - its
            call("HSET", key, member, sequence .. " 0 0 " .. used .. " " .. amount)
            call("ZADD", holds, nowMs + AFTER_WINDOW_MS, "t" .. who)
            if tonumber(amount) > 0 then
                call("HINCRBY", key, "holders", -1)
            end
        elseif what == "c" then
            call("HDEL", key, member)
        else
            call("HDEL", key, "l" .. who)
        end
    end
    due = firstDeadline(holds)
    call("HSET", key, "spent", spent, "held", held, "due", due, "out", out, "busy", busy)
    untilMs = keepMoney(key, holds, endMs, untilMs)
    if #overdue > 0 then
        call("PEXPIRE", holds, untilMs - nowMs + slackMs)
    end
    return spent, held, due, untilMs, out, busy
end

-- Money in the present: spent, held, due, until, and what is out and busy of leases.
local function money(key, holds, endMs)
    local m = call("HMGET", key, "spent", "held", "due", "until", "out", "busy")
    local due = tonumber(m[3] or MOST)
    if nowMs >= due then
        return expireMoney(
            key, holds, endMs, tonumber(m[1] or 0), tonumber(m[2] or 0), due,
            tonumber(m[4] or 0), tonumber(m[5] or 0), tonumber(m[6] or 0))
    end
    return tonumber(m[1] or 0), tonumber(m[2] or 0), due,
        tonumber(m[4] or 0), tonumber(m[5] or 0), tonumber(m[6] or 0)
end

-- The twin of Meter.Spend.verdict, for an amount above 0.
local function moneyVerdict(amount, limit, spent, left)
    if spent >= limit then
        return EXHAUSTED
    elseif amount > limit then
        return TOO_LARGE
    elseif amount > limit - spent then
        return EXHAUSTED
    end
    return amount > left and RESERVED or FITS
end
