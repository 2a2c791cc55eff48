-- Takes all claims or none, in one step: read all, check all, write all. law.lua stands in front.
--
-- KEYS    the claims' keys, as law.lua says
-- ARGV    1 the time
--         2 the reservation's id
--         3 five packed integers: its time to live in milliseconds; what the request will most
--           likely need and what it needs at least, in nano-dollars, for claims of money that can
--           do with less (both are as large as can be where none can); 1 where windows need not be
--           the present ones, because the request was admitted in them; the number of keys that
--           are strings
--         4.. the claims, as law.lua says
-- Result  packed integers: outcome (0 granted, 1 refused, 2 a window is not the present one:
--         nothing was taken), the time in microseconds, the nano-dollars that were granted (-1 for
--         all that was claimed), and for each claim verdict, x, y, z: a bucket's level, its time
--         and what is leased; requests in flight, those of leases, and what is leased beyond; or
--         spent, held and leased. After a grant they show the counter with the claim taken.

local GRANTED, REFUSED, WRONG_WINDOW = 0, 1, 2
local SHARE = 16

local id, ttlMs, wish, least, anyWindow, nStrings = ARGV[2], unpacked("<i8i8i8i8i8", ARGV[3])
local deadline = nowMs + ttlMs
local slotDeadline = min(deadline, nowMs + slotMs)
local strings = nStrings > 0 and call("MGET", unpack(KEYS, 1, nStrings))
local s, k, n = 0, nStrings, #ARGV - 3

-- By claim: kind, shadow, amount, verdict, key, and what law.lua says of it. With room for four
-- claims from the start: a table that grows is copied.
local claims, outcome, granted = { 0, 0, 0, 0 }, GRANTED, -1
local answer = { 0, now, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

-- What one budget grants of a claim that can do with less: the twin of Stretching.
local function stretch(amount, wish, least, limit, spent, left)
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

for i = 1, n do
    local kind, shadow, amount, x, y, z = unpacked(CLAIM, ARGV[i + 3])
    local verdict, place = FITS, 4 * i
    if kind == RATE then
        s = s + 1
        local capacity, perMicro = y, z
        local level, time, out, lastEnd, recall, untilMs = rate(strings[s], capacity, perMicro)
        if amount > 0 and x == 0 then
            verdict = TOO_LARGE
        elseif amount > 0 and level < amount then
            verdict = SHORT
        end
        answer[place], answer[place + 1] = verdict, level
        answer[place + 2], answer[place + 3] = time, out
        claims[i] = {
            kind, shadow, amount, verdict, KEYS[s], lastEnd, recall, untilMs, capacity, perMicro,
        }
    elseif kind == SLOTS then
        s, k = s + 1, k + 1
        local count, out, busy, lastEnd, recall, due = slots(KEYS[k], KEYS[s], strings[s])
        if amount > 0 and count + out + amount > x then
            verdict = SHORT
        end
        answer[place], answer[place + 1] = verdict, count
        answer[place + 2], answer[place + 3] = busy, out - busy
        claims[i] = {
            kind, shadow, amount, verdict, KEYS[k], KEYS[s], count, due, out, busy, lastEnd, recall,
        }
    else
        k = k + 2
        local limit, startMs, endMs, grants = x, y, z, 0
        if anyWindow == 0 and (nowMs < startMs or nowMs >= endMs) then
            return packed("<i8i8", WRONG_WINDOW, now)
        end
        local m = money(KEYS[k - 1], KEYS[k], endMs)
        verdict, grants = stretch(
            amount, wish, least, limit, m.spent, limit - m.spent - m.held - m.out)
        if amount > 0 and shadow == 0 and (granted < 0 or grants < granted) then
            granted = grants
        end
        answer[place], answer[place + 1] = verdict, m.spent
        answer[place + 2], answer[place + 3] = m.held + m.busy, m.out - m.busy
        claims[i] = { kind, shadow, amount, verdict, KEYS[k - 1], KEYS[k], m, endMs }
    end
    if verdict ~= FITS and shadow == 0 then
        outcome = REFUSED
    end
end

if outcome == REFUSED then
    -- Somebody waits: holders of leases, if there are any, are asked for what they can spare.
    local function recallLeases(c, level, at, leased)
        local kind, key, recall = c[1], c[5], nowMs + RECALL_MS
        if kind == RATE and leased > 0 then
            setRate(key, level, at, leased, c[6], recall, c[8], c[9], c[10])
        elseif kind == SLOTS and c[9] > 0 then
            setState(c[6], c[8], c[9], c[10], c[11], recall)
        elseif kind == MONEY and c[7].out > 0 then
            call("HSET", key, "recall", recall)
        end
    end

    for i = 1, n do
        local c = claims[i]
        if (c[4] == SHORT or c[4] == RESERVED) and c[2] == 0 then
            recallLeases(c, unpack(answer, 4 * i + 1, 4 * i + 3))
        end
    end
    granted = -1
end

for i = 1, outcome == GRANTED and n or 0 do
    local c, place = claims[i], 4 * i
    local kind, amount, key = c[1], c[3], c[5]
    if amount == 0 then
        -- Takes nothing and leaves no trace.
    elseif kind == RATE then
        -- Only a limit in shadow mode is short here: it gives what it has and makes no debt.
        local level = answer[place + 1]
        level = c[4] == FITS and level - amount or min(level, 0)
        answer[place + 1] = level
        setRate(
            key, level, answer[place + 2], answer[place + 3], c[6], c[7], c[8], c[9], c[10])
    elseif kind == SLOTS then
        answer[place + 1] = answer[place + 1] + takeSlot(
            key, c[6], id, slotDeadline, c[7], c[8], c[9], c[10], c[11], c[12])
    else
        local m, holds = c[7], c[6]
        if granted >= 0 and granted < amount then
            amount = granted
        end
        if m.held + amount <= MOST then
            local wasEmpty = m.held == 0
            m.held, m.due = m.held + amount, min(m.due, deadline)
            hold(holds, "h" .. id, deadline, m, wasEmpty)
            setMoney(key, holds, c[8], m, "h" .. id, amount)
            answer[place + 2] = answer[place + 2] + amount
        end
    end
end
answer[1], answer[3] = outcome, granted
return packed("<" .. string.rep("i8", 3 + 4 * n), unpack(answer, 1, 3 + 4 * n))
