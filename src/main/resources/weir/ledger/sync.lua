-- Brings leases in line with how their holder stands. law.lua, leases.lua and foreign.lua stand in
-- front; the arithmetic of slices is the twin of Slicing.
--
-- KEYS    the claims' keys as law.lua says, for each rate and for slots its leases last
-- ARGV    1 the time
--         2 the number of keys that are strings
--         3 the holder
--         4.. the reports, each a claim as law.lua says (its amount is not looked at), the units of
--         one token (1 but for rates), and: sequence used busy spare need least last
-- Result  0, the time in microseconds, and for each report the lease's amount, how much would be
--         granted ahead of need at most, how many hold leases, verdict, and x, y, z as reserve.lua
--         says; FOREIGN for the amount, and 0 for the rest, where a key holds what is not a counter

local FOREIGN = -1

local holder = ARGV[3]
local answer = { 0, now }

local function parseReport(a)
    return {
        perToken = tonumber(ARGV[a]), sequence = tonumber(ARGV[a + 1]),
        used = tonumber(ARGV[a + 2]), busy = tonumber(ARGV[a + 3]),
        spare = tonumber(ARGV[a + 4]), need = tonumber(ARGV[a + 5]),
        least = tonumber(ARGV[a + 6]), last = ARGV[a + 7] == "1",
    }
end

-- How much is granted ahead of need at most, and how much is granted; both beyond what is busy.
local function slice(report, room, holders, short, stretches)
    local share = short and 0 or divDown(max(0, room), 2 * max(1, holders))
    if report.need <= room then
        return share, max(report.need, min(report.spare, share))
    end
    return share, stretches and report.least <= room and room or 0
end

-- Never below what the holder may be handing out at this moment.
local function leaseOf(report, granted, kept)
    return report.busy + max(granted, min(kept - report.busy, report.spare))
end

local function covers(report, granted)
    return report.need == 0 or granted > 0
end

local function reply(...)
    for _, value in ipairs({ ... }) do
        answer[#answer + 1] = value
    end
end

-- What is known of the holder; nil where nothing is.
local function recordOf(key, field)
    local raw = call("HGET", key, field)
    if not raw then
        return nil
    end
    local sequence, amount, busy, used, rest = string.match(raw, RECORD)
    return {
        sequence = sequence + 0, amount = amount + 0, busy = busy + 0, used = used + 0,
        rest = rest + 0,
    }
end

local function record(report, amount, rest)
    return string.format(
        "%.0f %.0f %.0f %.0f %.0f", report.sequence, amount, report.busy, report.used, rest)
end

-- Writes down the lease of a rate or of slots; answers how many holders there are.
local function keepLease(key, report, amount, holders, nextEnd)
    if report.last then
        call("HDEL", key, holder)
    else
        local ends = nowMs + LEASE_MS
        call("HSET", key, holder, record(report, amount, ends))
        holders, nextEnd = holders + (amount > 0 and 1 or 0), min(nextEnd, ends)
    end
    setHolders(key, holders, nextEnd)
    return holders
end

local function lastEndOf(report, lastEnd)
    return report.last and lastEnd or max(lastEnd, nowMs + LEASE_MS)
end

local function take(level, tokens, report, capacity)
    local bound = divDown(2 * MOST, report.perToken)
    level = level - max(-bound, min(tokens, bound)) * report.perToken
    return max(-MOST, min(level, capacity))
end

local function syncRate(key, leases, raw, capacity, perMicro, report)
    local level, at, out, lastEnd, recall, untilMs = rate(raw, capacity, perMicro)
    local perToken = report.perToken
    local tokens, _, holders, nextEnd = expireLeases(leases, out / perToken, 0)
    recall = tokens > 0 and recall or 0
    local old = recordOf(leases, holder)
    if old and report.sequence <= old.sequence then
        setRate(key, level, at, tokens * perToken, lastEnd, recall, untilMs, capacity, perMicro)
        reply(old.amount, 0, holders, FITS, level, at, tokens * perToken)
        return
    end
    local kept = 0
    if old then
        kept = old.amount - (report.used - old.used)
        tokens, holders = tokens - old.amount, holders - (old.amount > 0 and 1 or 0)
    end
    local most = capacity - tokens * perToken
    level = min(take(level, -kept, report, capacity), most)
    local room = divDown(max(0, level), perToken)
    local share, granted = slice(report, room, holders + 1, nowMs < recall, false)
    local amount = leaseOf(report, granted, max(0, kept))
    level = min(take(level, amount, report, capacity), most)
    if not report.last then
        tokens = tokens + amount
    end
    level = min(level, capacity - tokens * perToken)
    holders = keepLease(leases, report, amount, holders, nextEnd)
    local verdict = FITS
    if not covers(report, granted) then
        verdict = report.need > capacity / perToken and TOO_LARGE or SHORT
    end
    if verdict == SHORT and tokens > amount then
        recall = nowMs + RECALL_MS
    end
    out = tokens * perToken
    setRate(key, level, at, out, lastEndOf(report, lastEnd), recall, untilMs, capacity, perMicro)
    reply(report.last and 0 or amount, share, holders, verdict, level, at, out)
end

local function syncSlots(key, stateKey, leases, raw, most, report)
    local count, out, busy, lastEnd, recall, due = slots(key, stateKey, raw)
    local holders, nextEnd
    out, busy, holders, nextEnd = expireLeases(leases, out, busy)
    recall = out > 0 and recall or 0
    local old = recordOf(leases, holder)
    if old and report.sequence <= old.sequence then
        setState(stateKey, due, out, busy, lastEnd, recall)
        reply(old.amount, 0, holders, FITS, count, busy, out - busy)
        return
    end
    if old then
        out, busy = out - old.amount, busy - old.busy
        holders = holders - (old.amount > 0 and 1 or 0)
    end
    local room = most - count - out - report.busy
    local share, granted = slice(report, room, holders + 1, nowMs < recall, false)
    local amount = leaseOf(report, granted, old and old.amount or 0)
    if not report.last then
        out, busy = out + amount, busy + report.busy
    end
    holders = keepLease(leases, report, amount, holders, nextEnd)
    local verdict = covers(report, granted) and FITS or SHORT
    if verdict == SHORT and out > amount then
        recall = nowMs + RECALL_MS
    end
    setState(stateKey, due, out, busy, lastEndOf(report, lastEnd), recall)
    reply(report.last and 0 or amount, share, holders, verdict, count, busy, out - busy)
end

-- A holder that is not known has its whole use charged: Redis has lost what it had heard of it. A
-- lease that had ended, and was charged for it, is corrected. In a window that is not the present
-- one nothing is granted ahead of need.
local function syncMoney(key, holds, limit, startMs, endMs, report)
    local m, sums = money(key, holds, endMs), call("HMGET", key, "holders", "recall")
    local holders, recall = tonumber(sums[1] or 0), m.out > 0 and tonumber(sums[2] or 0) or 0
    local field, kept = "l" .. holder, 0
    local old = recordOf(key, field)
    if old and report.sequence <= old.sequence then
        reply(old.amount, 0, holders, FITS, m.spent, m.held + m.busy, m.out - m.busy)
        return
    end
    local more = report.used
    if old then
        more = report.used - old.used
        kept = max(0, old.amount - more)
        more = more - old.rest
        m.out, m.busy = m.out - old.amount, m.busy - old.busy
        holders = holders - (old.amount > 0 and 1 or 0)
    end
    m.spent = max(0, min(m.spent + more, MOST))
    local left = limit - m.spent - m.held - m.out - report.busy
    local stretches = report.need > limit - m.spent
    local short = nowMs < startMs or nowMs >= endMs or nowMs < recall
    local share, granted = slice(report, left, holders + 1, short, stretches)
    local amount = leaseOf(report, granted, kept)
    local verdict = FITS
    if not covers(report, granted) then
        verdict = moneyVerdict(stretches and report.least or report.need, limit, m.spent, left)
    end
    m.out, m.busy = m.out + amount, m.busy + report.busy
    holders = holders + (amount > 0 and 1 or 0)
    if verdict == RESERVED and m.out > amount then
        recall = nowMs + RECALL_MS
    end
    local ends = nowMs + (report.last and REMEMBER_MS or LEASE_MS)
    m.due = min(m.due, ends)
    hold(holds, (report.last and "t" or "l") .. holder, ends, m, true)
    call("ZREM", holds, (report.last and "l" or "t") .. holder)
    setMoney(key, holds, endMs, m,
        "holders", holders, "recall", recall, field, record(report, amount, 0))
    reply(amount, share, holders, verdict, m.spent, m.held + m.busy, m.out - m.busy)
end

local s, k = 0, tonumber(ARGV[2])
local strings = k > 0 and call("MGET", unpack(KEYS, 1, k))
for a = 4, #ARGV, 9 do
    local kind, _, _, x, y, z = unpacked(CLAIM, ARGV[a])
    local report, counts = parseReport(a + 1), nil
    if kind == RATE then
        s, k = s + 1, k + 1
        counts = passes(syncRate, KEYS[s], KEYS[k], strings[s], y, z, report)
    elseif kind == SLOTS then
        s, k = s + 1, k + 2
        counts = passes(syncSlots, KEYS[k - 1], KEYS[s], KEYS[k], strings[s], x, report)
    else
        k = k + 2
        counts = passes(syncMoney, KEYS[k - 1], KEYS[k], x, y, z, report)
    end
    if not counts then
        reply(FOREIGN, 0, 0, 0, 0, 0, 0)
    end
end
return answer
