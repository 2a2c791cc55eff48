-- Takes all claims or none, in one step: read all, check all, write all. law.lua stands in front.
--
-- KEYS    the claims' keys, in the claims' order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2 the reservation's id
--         3 its time to live in milliseconds
--         4.. the claims, as law.lua says
-- Result  outcome (0 granted, 1 refused, 2 a window is not the present one: nothing was looked
--         at), the time in microseconds, and for each claim verdict, x, y. After a grant x and y
--         show the counter with the claim taken.

local GRANTED, REFUSED, WRONG_WINDOW = 0, 1, 2

local function verdict(c)
    if c.amount == 0 then
        return FITS
    elseif c.kind == "r" then
        if not c.small then
            return TOO_LARGE
        end
        return c.x >= c.amount and FITS or SHORT
    elseif c.kind == "c" then
        return c.x + c.amount <= c.max and FITS or SHORT
    elseif c.x >= c.limit then
        return EXHAUSTED
    elseif c.amount > c.limit then
        return TOO_LARGE
    elseif c.x + c.amount > c.limit then
        return EXHAUSTED
    elseif c.x + c.y + c.amount > c.limit then
        return RESERVED
    end
    return FITS
end

local function take(c, now, nowMs)
    local id, ttlMs = ARGV[2], tonumber(ARGV[3])
    local deadline = nowMs + (c.kind == "c" and math.min(ttlMs, slotMs) or ttlMs)
    if c.amount == 0 then
        return
    elseif c.kind == "r" then
        -- Only a limit in shadow mode is short here: it gives what it has and makes no debt.
        c.x = c.verdict == FITS and c.x - c.amount or math.min(c.x, 0)
        writeRate(c.key, now, c.x, c.y, c.capacity, c.perMicro)
    elseif c.kind == "c" then
        c.x = c.x + redis.call("ZADD", c.key, whole(deadline), id)
        local last = redis.call("ZRANGE", c.key, -1, -1, "WITHSCORES")[2]
        redis.call("PEXPIRE", c.key, whole(tonumber(last) - nowMs + slackMs))
    elseif c.y + c.amount <= MOST then
        c.y = c.y + c.amount
        redis.call("ZADD", c.holds, whole(deadline), "h" .. whole(c.amount) .. ":" .. id)
        writeSpend(c.key, c.holds, nowMs, c.endMs, c.x, c.y)
    end
end

local now, nowMs = clock(ARGV[1])
local claims, present = parse(4, nowMs)
if not present then
    return { WRONG_WINDOW, now }
end

local outcome = GRANTED
for _, c in ipairs(claims) do
    look(c, now, nowMs)
    c.verdict = verdict(c)
    if c.verdict ~= FITS and not c.shadow then
        outcome = REFUSED
    end
end
if outcome == GRANTED then
    for _, c in ipairs(claims) do
        take(c, now, nowMs)
    end
end
return answer(outcome, now, claims)
