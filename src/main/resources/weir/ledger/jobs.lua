-- Keeps what sidecars need to know of work that goes on at a provider, so that another one can see
-- to its end. law.lua stands in front.
--
-- Each piece of work is one sidecar's for a while, which that prolongs; who finds that the while is
-- over may take it. One that has ended is remembered, so that the sidecar that ended it hears so
-- however often it asks.
--
-- KEYS    1 a sorted set of works by the time until which they are somebody's
--         2 a hash: n<work> its note, s<work> its sidecar
--         of busy: such sorted sets
-- ARGV    1 the time
--         2 what is wanted
--         3 the sidecar
--         4 milliseconds for which work is its own
--         5.. of keep:  work and note
--             of end:   work
--             of leave: works
--             of look:  how many it takes at most, then its works
-- Result  of busy: for each set 1 if there is anything in it, else 0
--         of keep, end: 1, or 0 where the work is another's or over
--         of leave: how many it had
--         of look: a list of those works that are another's by now, one of those that nobody knows
--         of, and one of works and notes that it has taken; those that it has ended are in none

local KEPT_MS = 100800000
local ENDED_MS = 3600000
local PAGE = 100
local PAGES = 4

local works, notes, sidecar, ownMs = KEYS[1], KEYS[2], ARGV[3], tonumber(ARGV[4])

local function isOwn(work)
    return call("HGET", notes, "s" .. work) == sidecar
end

local function isKnown(work)
    return call("HEXISTS", notes, "s" .. work) == 1
end

local function isUnderWay(work)
    return call("HEXISTS", notes, "n" .. work) == 1
end

local function own(work)
    call("HSET", notes, "s" .. work, sidecar)
    call("ZADD", works, nowMs + ownMs, work)
end

local function live()
    call("PEXPIRE", works, KEPT_MS)
    call("PEXPIRE", notes, KEPT_MS)
end

local WANTED = {}

function WANTED.busy()
    local busy = {}
    for k = 1, #KEYS do
        busy[k] = call("EXISTS", KEYS[k])
    end
    return busy
end

function WANTED.keep(work, note)
    if isKnown(work) and not (isOwn(work) and isUnderWay(work)) then
        return 0
    end
    call("HSET", notes, "n" .. work, note)
    own(work)
    live()
    return 1
end

WANTED["end"] = function(work)
    if isKnown(work) and not isOwn(work) then
        return 0
    end
    call("HDEL", notes, "n" .. work)
    call("HSET", notes, "s" .. work, sidecar)
    call("ZADD", works, nowMs + ENDED_MS, work)
    live()
    return 1
end

function WANTED.leave(...)
    local left = 0
    for _, work in ipairs({ ... }) do
        if isOwn(work) then
            left = left + 1
            call("ZADD", works, "XX", nowMs, work)
        end
    end
    return left
end

function WANTED.look(most, ...)
    local lost, forgotten, found = {}, {}, {}
    for _, work in ipairs({ ... }) do
        if not isKnown(work) then
            forgotten[#forgotten + 1] = work
        elseif not isOwn(work) then
            lost[#lost + 1] = work
        elseif isUnderWay(work) then
            call("ZADD", works, nowMs + ownMs, work)
        end
    end
    local wanted = 2 * tonumber(most)
    for _ = 1, PAGES do
        local due = call("ZRANGEBYSCORE", works, "-inf", nowMs, "LIMIT", 0, PAGE)
        for _, work in ipairs(due) do
            local note = call("HGET", notes, "n" .. work)
            if not note then
                call("ZREM", works, work)
                call("HDEL", notes, "s" .. work)
            elseif #found < wanted then
                own(work)
                found[#found + 1], found[#found + 2] = work, note
            end
        end
        if #due == 0 or #found >= wanted then
            break
        end
    end
    if call("EXISTS", works) == 1 then
        live()
    end
    return { lost, forgotten, found }
end

return WANTED[ARGV[2]](unpack(ARGV, 5))
