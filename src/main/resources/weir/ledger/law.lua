-- The law of counters, put in front of every script of the ledger. It is the twin of RateCounter,
-- SlotCounter and SpendCounter in Java: what one changes, the other has to change too, and the
-- random walk of the tests finds where they part.
--
-- KEYS    first all strings (rates and the states of slots), then for each claim what else it has,
--         both in the claims' order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests);
--         a claim is one argument, a kind, 1 for shadow, an amount and three terms, packed as CLAIM
--         says:
--           RATE  shadow amount_units fits_capacity capacity_units units_per_micro
--           SLOTS shadow amount max 0 0
--           MONEY shadow amount limit window_start_ms window_end_ms
-- Result  none of its own: the time and functions for the script that follows
--
-- THE DATA. What the way of a request needs is in one read for each counter. What only the holders
-- of leases need lies beside it and costs a request nothing.
--
--   rate    string         level at until, and where there are leases out last_end recall
--   slots   string :state  due out busy last_end recall
--           sorted set     ids of requests in flight by deadline
--   both    hash :leases   "" = "holders next_end", holder = "sequence amount busy used end"
--   money   hash           sums = spent held due until out busy; h<id> and c<id> = amount; holders,
--                          recall; l<holder> = "sequence amount busy used expired"
--           set :holds     by time: h<id> a hold is charged, c<id> a charge can no longer be
--                          corrected, l<holder> a lease ends, t<holder> a holder is forgotten
--
-- out is what is leased, busy the part of it that requests hold; both are sums over all holders.
-- due is no later than the first deadline, so until then nobody looks for what is overdue. Up to
-- last_end some lease may last; at next_end, or later, the first one ends. So a lease of a rate or
-- of slots that ends without a word is given up when the next holder reports, and at the latest,
-- by anybody, when all are over. recall is until when holders are asked for what they can spare.
-- until is how long Redis keeps a rate's key or a money's keys. It is prolonged in steps, of a
-- minute and of an hour, so that most requests leave the expiry as it is.
--
-- Every number is a whole one below 2^53, which a double holds exactly; so what every request reads
-- and writes (rates, states, sums) is packed as doubles, several times faster than text, and what
-- it sends and is told as integers. Quotients go through fmod, which is exact too. Redis writes
-- such a number in full where it is a word of a command of its own; inside a text it becomes one by
-- "%.0f", never by tostring, which would write 1e+15.
--
-- Each call of a script makes all its functions anew, and allocates each local that they share. So
-- what only rare ways need, such as string.match, goes by its full name, and the locals that most
-- functions need stand last, where Lua finds them first.

local FITS, SHORT, RESERVED, EXHAUSTED, TOO_LARGE = 0, 1, 2, 3, 4

-- ClaimCodec states the same.
local RATE, SLOTS, MONEY = 0, 1, 2
local CLAIM = "<BBi8i8i8i8"

local OVERDUE_AT_ONCE = 16
local REMEMBER_MS = 3600000
local AFTER_WINDOW_MS = 97200000
local TOTAL_MS = 34560000000
local LINGER_MS = 3600000
local LINGER_RATE_MS = 60000
local LEASE_MS = 30000
local RECALL_MS = 1000
local MOST = 4503599627370496

-- With a clock that is given, keys must outlive the real time that the test takes.
local slackMs = 0

-- A slot is kept for so long after the last word of its sidecar, which speaks three times as often.
-- With a clock that is given, nobody speaks.
local slotMs = 30000

local floor = math.floor
local call, packed, unpacked = redis.call, struct.pack, struct.unpack
local min, max = math.min, math.max

local now = tonumber(ARGV[1])
if now == 0 then
    local t = call("TIME")
    now = t[1] * 1000000 + t[2]
else
    slackMs, slotMs = 86400000, MOST
end
local nowMs = floor(now / 1000)
local KEEP_MS = AFTER_WINDOW_MS + slackMs

local function divDown(a, b)
    return (a - math.fmod(a, b)) / b
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
-- what is out, when all are over, and until when holders are asked for what they can spare; and
-- until when its key is kept.
local function rate(raw, capacity, perMicro)
    if not raw then
        return capacity, now, 0, 0, 0, 0
    end
    local level, at, untilMs, out, lastEnd, recall = nil, nil, nil, 0, 0, 0
    if #raw == 24 then
        level, at, untilMs = unpacked("ddd", raw)
    else
        level, at, untilMs, out, lastEnd, recall = unpacked("dddddd", raw)
        if nowMs >= lastEnd then
            level, at = refill(level, at, lastEnd * 1000, capacity, perMicro, out)
            out, recall = 0, 0
        end
    end
    level, at = refill(level, at, now, capacity, perMicro, out)
    return level, at, out, lastEnd, recall, untilMs
end

-- A bucket's key lives until it is full, and longer than its leases; it is prolonged where that is
-- not far enough in the future. Redis rounds and reads its clock anew, hence two milliseconds more.
local function setRate(key, level, at, out, lastEnd, recall, untilMs, capacity, perMicro)
    local text, wanted = nil, ((capacity - level) / perMicro + at) / 1000 + 2
    if out > 0 then
        wanted = max(wanted, lastEnd + out / perMicro / 1000 + 2)
    elseif level >= capacity then
        call("DEL", key)
        return
    end
    local prolong = untilMs < wanted
    if prolong then
        untilMs = floor(wanted) + LINGER_RATE_MS
    end
    if out > 0 then
        text = packed("dddddd", level, at, untilMs, out, lastEnd, recall)
    else
        text = packed("ddd", level, at, untilMs)
    end
    if prolong then
        call("SET", key, text, "PX", untilMs - nowMs + slackMs)
    else
        call("SET", key, text, "KEEPTTL")
    end
end

local function setState(key, due, out, busy, lastEnd, recall)
    call("SET", key, packed("ddddd", due, out, busy, lastEnd, recall), "PX", KEEP_MS)
end

local function firstDeadline(key)
    return tonumber(call("ZRANGE", key, 0, 0, "WITHSCORES")[2] or MOST)
end

-- Slots in the present, from the string of their state: requests in flight, and of leases what is
-- out, busy, when all are over and until when holders are asked for what they can spare; and due.
local function slots(key, stateKey, raw)
    local due, out, busy, lastEnd, recall, changed = 0, 0, 0, 0, 0, false
    if raw then
        due, out, busy, lastEnd, recall = unpacked("ddddd", raw)
    end
    if out > 0 and nowMs >= lastEnd then
        out, busy, recall, changed = 0, 0, 0, true
    end
    if nowMs >= due then
        call("ZREMRANGEBYSCORE", key, "-inf", nowMs)
        call("PEXPIRE", key, KEEP_MS)
        due, changed = firstDeadline(key), true
    end
    if changed then
        setState(stateKey, due, out, busy, lastEnd, recall)
    end
    return call("ZCARD", key), out, busy, lastEnd, recall, due
end

-- Puts a request into slots, or prolongs its stay, as they were read just now. The set's key is
-- kept for far longer than the next look at what is overdue is away, so it is prolonged only where
-- the set is new or that look comes sooner. Answers 1 where the request was not in.
local function takeSlot(key, stateKey, id, deadline, count, due, out, busy, lastEnd, recall)
    local added = call("ZADD", key, deadline, id)
    if count == 0 or deadline < due then
        call("PEXPIRE", key, KEEP_MS)
    end
    if deadline < due then
        setState(stateKey, deadline, out, busy, lastEnd, recall)
    end
    return added
end

-- Money's sums are written with other fields that change at the same time; its keys live a day and
-- an hour longer than their window, prolonged where that is not far enough in the future.
local function setMoney(key, holds, endMs, m, ...)
    local wanted = min(max(endMs, nowMs) + AFTER_WINDOW_MS, nowMs + TOTAL_MS)
    local prolong = m.untilMs < wanted
    if prolong then
        m.untilMs = wanted + LINGER_MS
    end
    local sums = packed("dddddd", m.spent, m.held, m.due, m.untilMs, m.out, m.busy)
    call("HSET", key, "sums", sums, ...)
    if prolong then
        call("PEXPIRE", key, m.untilMs - nowMs + slackMs)
        call("PEXPIRE", holds, m.untilMs - nowMs + slackMs)
    end
end

-- Adds to the set of holds, which may have been empty, and then has no expiry.
local function hold(holds, member, deadlineMs, m, wasEmpty)
    call("ZADD", holds, deadlineMs, member)
    if wasEmpty then
        call("PEXPIRE", holds, max(m.untilMs - nowMs, AFTER_WINDOW_MS) + slackMs)
    end
end

-- Ends what is overdue, a few at a time, so that no caller pays for many. What is left over still
-- counts as held: too careful, never too generous.
local function expireMoney(key, holds, endMs, m)
    local overdue = call("ZRANGEBYSCORE", holds, "-inf", nowMs, "LIMIT", 0, OVERDUE_AT_ONCE)
    for _, member in ipairs(overdue) do
        local what, who = string.sub(member, 1, 1), string.sub(member, 2)
        call("ZREM", holds, member)
        if what == "h" then
            local amount = tonumber(call("HGET", key, member) or 0)
            m.spent, m.held = min(m.spent + amount, MOST), m.held - amount
            call("HDEL", key, member)
            call("HSET", key, "c" .. who, amount)
            hold(holds, "c" .. who, nowMs + REMEMBER_MS, m, true)
        elseif what == "l" then
            local sequence, amount, busy, used =
                string.match(call("HGET", key, member) or "0 0 0 0 ", "^(%S+) (%S+) (%S+) (%S+) ")
            m.spent, m.out = min(m.spent + amount, MOST), m.out - amount
            m.busy = m.busy - busy
            call("HSET", key, member, sequence .. " 0 0 " .. used .. " " .. amount)
            hold(holds, "t" .. who, nowMs + AFTER_WINDOW_MS, m, true)
            if tonumber(amount) > 0 then
                call("HINCRBY", key, "holders", -1)
            end
        elseif what == "c" then
            call("HDEL", key, member)
        else
            call("HDEL", key, "l" .. who)
        end
    end
    m.due = firstDeadline(holds)
    setMoney(key, holds, endMs, m)
end

-- A money's sums as they were written last.
local function sumsOf(key)
    local raw = call("HGET", key, "sums")
    if not raw then
        return { spent = 0, held = 0, due = MOST, untilMs = 0, out = 0, busy = 0 }
    end
    local spent, held, due, untilMs, out, busy = unpacked("dddddd", raw)
    return {
        spent = spent, held = held, due = due, untilMs = untilMs, out = out, busy = busy,
    }
end

-- The same in the present.
local function money(key, holds, endMs)
    local m = sumsOf(key)
    if nowMs >= m.due then
        expireMoney(key, holds, endMs, m)
    end
    return m
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
