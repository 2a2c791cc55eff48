-- Takes all claims or none, in one step: read all, check all, write all. law.lua stands in front.
--
-- KEYS    the claims' keys, as law.lua says
-- ARGV    1 the time
--         2 the reservation's id
--         3 its time to live in milliseconds
--         4 what the request will most likely need and 5 what it needs at least, in nano-dollars,
--           for claims of money that can do with less; both are as large as can be where none can
--         6 1 where windows need not be the present ones, because the request was admitted in them
--         7 the number of keys that are strings
--         8.. the claims, as law.lua says
-- Result  outcome (0 granted, 1 refused, 2 a window is not the present one: nothing was taken),
--         the time in microseconds, the nano-dollars that were granted (-1 for all that was
--         claimed), and for each claim verdict, x, y, z: a bucket's level, its time and what is
--         leased; requests in flight, those of leases, and what is leased beyond; or spent, held
--         and leased. After a grant they show the counter with the claim taken.

local GRANTED, REFUSED, WRONG_WINDOW = 0, 1, 2
local SHARE = 16

local id, deadline = ARGV[2], nowMs + ARGV[3]
local deadlineText = whole(deadline)
local slotDeadline = min(deadline, nowMs + slotMs)
local wish, least = tonumber(ARGV[4]), tonumber(ARGV[5])
local anyWindow, nStrings = ARGV[6] == "1", tonumber(ARGV[7])
local strings = nStrings > 0 and call("MGET", unpack(KEYS, 1, nStrings))
local s, k, a, last = 0, nStrings, 8, #ARGV

-- By claim: kind, shadow, place in ARGV, key, amount, verdict, and what law.lua says of it.
local claims, n, outcome, granted = {}, 0, GRANTED, -1
local answer = { 0, now, -1, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil }

-- What one budget grants of a claim that can do with less: the twin of Stretching.
local function stretch(amount, limit, spent, left)
    if amount == 0 then
        return FITS, 0
    end
    local wanted = min(amount, wish)
    if wanted <= left then
        return FITS, min(amount, max(wanted, divDown(left, SHARE)))
    elseif wanted <= limit - spent then
        return RESERVED, 0
    end
    local verdict = moneyVerdict(min(wanted, least), limit, spent, left)
    return verdict, left
end

while a <= last do
    n = n + 1
    local kind, shadow, amount, verdict = ARGV[a], ARGV[a + 1] == "1", tonumber(ARGV[a + 2]), FITS
    local place = 4 * n
    if kind == "r" then
        s = s + 1
        local capacity, perMicro = tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5])
        local level, time, out, lastEnd, recall = rate(strings[s], capacity, perMicro)
        if amount > 0 and ARGV[a + 3] ~= "1" then
            verdict = TOO_LARGE
        elseif amount > 0 and level < amount then
            verdict = SHORT
        end
        answer[place], answer[place + 1] = verdict, level
        answer[place + 2], answer[place + 3] = time, out
        claims[n] = {
            kind, shadow, a, KEYS[s], amount, verdict, lastEnd, recall, capacity, perMicro,
        }
        a = a + 6
    elseif kind == "c" then
        s, k = s + 1, k + 1
        local count, out, busy, lastEnd, recall, due = slots(KEYS[k], KEYS[s], strings[s])
        if amount > 0 and count + out + amount > tonumber(ARGV[a + 3]) then
            verdict = SHORT
        end
        answer[place], answer[place + 1] = verdict, count
        answer[place + 2], answer[place + 3] = busy, out - busy
        claims[n] = {
            kind, shadow, a, KEYS[k], amount, verdict, KEYS[s], due, out, busy, lastEnd, recall,
        }
        a = a + 4
    else
        k = k + 2
        local endMs = tonumber(ARGV[a + 5])
        if not anyWindow and (nowMs < tonumber(ARGV[a + 4]) or nowMs >= endMs) then
            return { WRONG_WINDOW, now }
        end
        local m = money(KEYS[k - 1], KEYS[k], endMs)
        local limit, grants = tonumber(ARGV[a + 3]), 0
        verdict, grants = stretch(amount, limit, m.spent, limit - m.spent - m.held - m.out)
        if amount > 0 and not shadow and (granted < 0 or grants < granted) then
            granted = grants
        end
        answer[place], answer[place + 1] = verdict, m.spent
        answer[place + 2], answer[place + 3] = m.held + m.busy, m.out - m.busy
        claims[n] = { kind, shadow, a, KEYS[k - 1], amount, verdict, KEYS[k], m, endMs }
        a = a + 6
    end
    if verdict ~= FITS and not shadow then
        outcome = REFUSED
    end
end

-- Somebody waits: holders of leases, if there are any, are asked for what they can spare.
local function recallLeases(c, place)
    local kind, key, untilMs = c[1], c[4], nowMs + RECALL_MS
    if kind == "r" and answer[place + 3] > 0 then
        setRate(
            key, answer[place + 1], answer[place + 2], answer[place + 3], c[7], untilMs,
            c[9], c[10])
    elseif kind == "c" and c[9] > 0 then
        setState(c[7], c[8], c[9], c[10], c[11], untilMs)
    elseif kind == "s" and c[8].out > 0 then
        call("HSET", key, "recall", untilMs)
    end
end

answer[1] = outcome
if outcome == REFUSED then
    for i = 1, n do
        local c = claims[i]
        if (c[6] == SHORT or c[6] == RESERVED) and not c[2] then
            recallLeases(c, 4 * i)
        end
    end
    return answer
end

for i = 1, n do
    local c, place = claims[i], 4 * i
    local kind, key, amount = c[1], c[4], c[5]
    if amount == 0 then
        -- Takes nothing and leaves no trace.
    elseif kind == "r" then
        -- Only a limit in shadow mode is short here: it gives what it has and makes no debt.
        local level = answer[place + 1]
        level = c[6] == FITS and level - amount or min(level, 0)
        answer[place + 1] = level
        setRate(
            key, level, answer[place + 2], answer[place + 3], c[7], c[8],
            c[9], c[10])
    elseif kind == "c" then
        answer[place + 1] = answer[place + 1] + call("ZADD", key, whole(slotDeadline), id)
        call("PEXPIRE", key, KEEP_MS)
        if slotDeadline < c[8] then
            setState(c[7], slotDeadline, c[9], c[10], c[11], c[12])
        end
    else
        local m, holds, text = c[8], c[7], ARGV[c[3] + 2]
        if granted >= 0 and granted < amount then
            amount, text = granted, granted
        end
        if m.held + amount <= MOST then
            local wasEmpty = m.held == 0
            m.held, m.due = m.held + amount, min(m.due, deadline)
            hold(holds, "h" .. id, deadlineText, m, wasEmpty)
            setMoney(key, holds, c[9], m, "h" .. id, text)
            answer[place + 2] = answer[place + 2] + amount
        end
    end
end
answer[3] = granted
return answer
