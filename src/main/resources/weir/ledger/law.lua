-- The law of counters, put in front of every script of the ledger. It is the twin of Meter and
-- Bucket in Java: what one changes, the other has to change too, and the random walk of the tests
-- finds where they part.
--
-- KEYS    none of its own: a rate or concurrent claim has one key, a spend claim two (sums, holds)
-- ARGV    none of its own: claims lie flat in ARGV, each a kind and its fields:
--           r shadow amount_units fits_capacity capacity_units units_per_micro
--           c shadow amount max
--           s shadow amount limit window_start_ms window_end_ms
-- Result  none of its own: functions for the script that follows
--
-- Every number is a whole one below 2^53, which a double holds exactly. Division goes through fmod,
-- which is exact too. Numbers become text by "%.0f", never by tostring, which would write 1e+15.

local FITS, SHORT, RESERVED, EXHAUSTED, TOO_LARGE = 0, 1, 2, 3, 4

local OVERDUE_AT_ONCE = 16
local REMEMBER_MS = 3600000
local AFTER_WINDOW_MS = 90000000
local TOTAL_MS = 34560000000
local MOST = 4503599627370496

-- With a clock that is given, keys must outlive the real time that the test takes.
local slackMs = 0

-- A slot is kept for so long after the last word of its sidecar, which speaks three times as often.
-- With a clock that is given, nobody speaks.
local slotMs = 30000

local function whole(n)
    return string.format("%.0f", n)
end

local function divUp(a, b)
    local rest = math.fmod(a, b)
    local quotient = (a - rest) / b
    if rest > 0 then
        return quotient + 1
    end
    return quotient
end

-- Microseconds and milliseconds since the epoch: Redis's own, except where the caller gives a time.
local function clock(given)
    local micros = tonumber(given)
    if micros == 0 then
        local t = redis.call("TIME")
        micros = tonumber(t[1]) * 1000000 + tonumber(t[2])
    else
        slackMs, slotMs = 86400000, MOST
    end
    return micros, (micros - math.fmod(micros, 1000)) / 1000
end

-- Rates: the value is "level at", in units and microseconds; no key means full.

local function readRate(key, now, capacity, perMicro)
    local raw = redis.call("GET", key)
    if not raw then
        return capacity, now
    end
    local gap = string.find(raw, " ", 1, true)
    local level = tonumber(string.sub(raw, 1, gap - 1))
    local at = tonumber(string.sub(raw, gap + 1))
    local elapsed = now - at
    if elapsed <= 0 then
        return level, at
    end
    local missing = capacity - level
    if missing <= 0 or elapsed >= divUp(missing, perMicro) then
        return capacity, now
    end
    return level + elapsed * perMicro, now
end

local function writeRate(key, now, level, at, capacity, perMicro)
    if level >= capacity then
        redis.call("DEL", key)
        return
    end
    local micros = divUp(capacity - level, perMicro) + at - now
    local px = divUp(micros, 1000) + 1 + slackMs
    redis.call("SET", key, whole(level) .. " " .. whole(at), "PX", whole(px))
end

-- Spend: a hash of two sums, and a sorted set of holds by deadline. A member is its kind ("h" held,
-- "c" charged because it was overdue, and remembered so that a late settlement can correct it), the
-- amount, ":", the id.

local function readSpend(key)
    local sums = redis.call("HMGET", key, "spent", "held")
    return tonumber(sums[1] or "0"), tonumber(sums[2] or "0")
end

local function keepSpend(key, holds, nowMs, endMs)
    local px = math.min(endMs - nowMs + AFTER_WINDOW_MS, TOTAL_MS)
    px = whole(math.max(px, REMEMBER_MS) + slackMs)
    redis.call("PEXPIRE", key, px)
    redis.call("PEXPIRE", holds, px)
end

local function writeSpend(key, holds, nowMs, endMs, spent, held)
    if spent == 0 and held == 0 then
        redis.call("DEL", key)
    else
        redis.call("HSET", key, "spent", whole(spent), "held", whole(held))
    end
    keepSpend(key, holds, nowMs, endMs)
end

-- Charges holds whose time is over and forgets charges whose time to be corrected is over; a few at
-- a time, so that no caller pays for many. What is left over still counts as held: too careful,
-- never too generous.
local function expireSpend(key, holds, nowMs, endMs, spent, held)
    local overdue = redis.call(
        "ZRANGEBYSCORE", holds, "-inf", whole(nowMs), "LIMIT", 0, OVERDUE_AT_ONCE)
    if #overdue == 0 then
        return spent, held
    end
    for _, member in ipairs(overdue) do
        redis.call("ZREM", holds, member)
        if string.sub(member, 1, 1) == "h" then
            local amount = tonumber(string.sub(member, 2, string.find(member, ":", 1, true) - 1))
            spent = math.min(spent + amount, MOST)
            held = held - amount
            redis.call("ZADD", holds, whole(nowMs + REMEMBER_MS), "c" .. string.sub(member, 2))
        end
    end
    writeSpend(key, holds, nowMs, endMs, spent, held)
    return spent, held
end

-- The claims that lie in ARGV from a given place on, with their keys; and whether all windows are
-- the present.
local function parse(from, nowMs)
    local claims, a, k, present = {}, from, 1, true
    while a <= #ARGV do
        local c = { kind = ARGV[a], shadow = ARGV[a + 1] == "1", key = KEYS[k] }
        c.amount = tonumber(ARGV[a + 2])
        if c.kind == "r" then
            c.small = ARGV[a + 3] == "1"
            c.capacity, c.perMicro = tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5])
            a, k = a + 6, k + 1
        elseif c.kind == "c" then
            c.max = tonumber(ARGV[a + 3])
            a, k = a + 4, k + 1
        else
            c.holds, c.limit = KEYS[k + 1], tonumber(ARGV[a + 3])
            c.endMs = tonumber(ARGV[a + 5])
            present = present and tonumber(ARGV[a + 4]) <= nowMs and nowMs < c.endMs
            a, k = a + 6, k + 2
        end
        claims[#claims + 1] = c
    end
    return claims, present
end

-- Brings a claim's counter up to the present and puts how it stands into c.x and c.y:
-- level and its time, or requests in flight, or spent and held.
local function look(c, now, nowMs)
    if c.kind == "r" then
        c.x, c.y = readRate(c.key, now, c.capacity, c.perMicro)
    elseif c.kind == "c" then
        redis.call("ZREMRANGEBYSCORE", c.key, "-inf", whole(nowMs))
        c.x, c.y = redis.call("ZCARD", c.key), 0
    else
        c.x, c.y = readSpend(c.key)
        c.x, c.y = expireSpend(c.key, c.holds, nowMs, c.endMs, c.x, c.y)
    end
end

-- What the caller is told: an outcome, the time, and for each claim its verdict, x and y.
local function answer(outcome, now, claims)
    local out = { outcome, now }
    for _, c in ipairs(claims) do
        out[#out + 1] = c.verdict or FITS
        out[#out + 1] = c.x
        out[#out + 1] = c.y
    end
    return out
end
