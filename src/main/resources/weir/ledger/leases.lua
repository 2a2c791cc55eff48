-- The holders of leases of rates and of slots, behind law.lua in the scripts that look at them.
--
-- KEYS    none of its own
-- ARGV    none of its own
-- Result  none of its own: functions for the script that follows

local EMPTY = "^(%S+) (%S+)$"
local RECORD = "^(%S+) (%S+) (%S+) (%S+) (%S+)$"

-- How many have a lease that is not empty, and when the first lease ends or later.
local function holdersOf(key)
    local raw = call("HGET", key, "")
    if not raw then
        return 0, MOST
    end
    local holders, nextEnd = string.match(raw, EMPTY)
    return holders + 0, nextEnd + 0
end

local function setHolders(key, holders, nextEnd)
    call("HSET", key, "", string.format("%.0f %.0f", holders, nextEnd))
    call("PEXPIRE", key, LEASE_MS + 1 + slackMs)
end

-- Forgets the leases whose time is over. Answers what is out and busy then, each in the unit of
-- the leases, how many holders there are and when the next lease ends.
local function expireLeases(key, out, busy)
    local holders, nextEnd = holdersOf(key)
    if nowMs < nextEnd then
        return out, busy, holders, nextEnd, false
    end
    local all = call("HGETALL", key)
    holders, nextEnd = 0, MOST
    for i = 1, #all, 2 do
        if all[i] ~= "" then
            local _, amount, its, _, ends = string.match(all[i + 1], RECORD)
            amount, its, ends = amount + 0, its + 0, ends + 0
            if ends <= nowMs then
                call("HDEL", key, all[i])
                out, busy = max(out - amount, 0), max(busy - its, 0)
            else
                nextEnd = min(nextEnd, ends)
                holders = holders + (amount > 0 and 1 or 0)
            end
        end
    end
    setHolders(key, holders, nextEnd)
    return out, busy, holders, nextEnd, true
end
