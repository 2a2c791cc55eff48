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
local wish, least = tonumber(ARGV[4]), tonumber(ARGV[5])
local anyWindow, nStrings = ARGV[6] == "1", tonumber(ARGV[7])
local strings = nStrings > 0 and call("MGET", unpack(KEYS, 1, nStrings))
local s, k, a, last = 0, nStrings, 8, #ARGV

-- By claim: its kind, its first place in ARGV, its first key, and what law.lua says of it.
local kinds, at, keys, amounts, verdicts, states = {}, {}, {}, {}, {}, {}
local n, outcome, granted, answer = 0, GRANTED, -1, { 0, now, -1 }

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
    kinds[n], at[n], amounts[n] = kind, a, amount
    if kind == "r" then
        s = s + 1
        local level, time, out, lastEnd, recall =
            rate(strings[s], tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5]))
        if amount > 0 and ARGV[a + 3] ~= "1" then
            verdict = TOO_LARGE
        elseif amount > 0 and level < amount then
            verdict = SHORT
        end
        keys[n] = s
        answer[place + 1], answer[place + 2], answer[place + 3] = level, time, out
        if out > 0 then
            states[n] = { lastEnd, recall }
        end
        a = a + 6
    elseif kind == "c" then
        s, k = s + 1, k + 1
        local count, out, busy, lastEnd, recall, due = slots(KEYS[k], KEYS[s], strings[s])
        if amount > 0 and count + out + amount > tonumber(ARGV[a + 3]) then
            verdict = SHORT
        end
        keys[n] = k
        answer[place + 1], answer[place + 2], answer[place + 3] = count, busy, out - busy
        states[n] = { s, due, out, busy, lastEnd, recall }
        a = a + 4
    else
        k = k + 2
        local endMs = tonumber(ARGV[a + 5])
        if not anyWindow and (nowMs < tonumber(ARGV[a + 4]) or nowMs >= endMs) then
            return { WRONG_WINDOW, now }
        end
        local spent, held, due, untilMs, out, busy = money(KEYS[k - 1], KEYS[k], endMs)
        local limit, grants = tonumber(ARGV[a + 3]), 0
        verdict, grants = stretch(amount, limit, spent, limit - spent - held - out)
        if amount > 0 and not shadow and (granted < 0 or grants < granted) then
            granted = grants
        end
        keys[n] = k
        answer[place + 1], answer[place + 2], answer[place + 3] = spent, held + busy, out - busy
        states[n] = { held, due, untilMs, out, busy, endMs }
        a = a + 6
    end
    answer[place], verdicts[n] = verdict, verdict
    if verdict ~= FITS and not shadow then
        outcome = REFUSED
    end
end

-- Somebody waits: holders of leases, if there are any, are asked for what they can spare.
local function recallLeases(i)
    local kind, state, key, place = kinds[i], states[i], keys[i], 4 * i
    local untilMs = nowMs + RECALL_MS
    if kind == "r" and state then
        setRate(
            KEYS[key], answer[place + 1], answer[place + 2], answer[place + 3], state[1], untilMs,
            tonumber(ARGV[at[i] + 4]), tonumber(ARGV[at[i] + 5]))
    elseif kind == "c" and state[3] > 0 then
        setState(KEYS[state[1]], state[2], state[3], state[4], state[5], untilMs)
    elseif kind == "s" and state[4] > 0 then
        call("HSET", KEYS[key - 1], "recall", untilMs)
    end
end

answer[1] = outcome
if outcome == REFUSED then
    for i = 1, n do
        local verdict = verdicts[i]
        if (verdict == SHORT or verdict == RESERVED) and ARGV[at[i] + 1] ~= "1" then
            recallLeases(i)
        end
    end
    return answer
end

for i = 1, n do
    local kind, amount, key, place = kinds[i], amounts[i], keys[i], 4 * i
    local state = states[i]
    if amount == 0 then
        -- Takes nothing and leaves no trace.
    elseif kind == "r" then
        -- Only a limit in shadow mode is short here: it gives what it has and makes no debt.
        local level = answer[place + 1]
        level = verdicts[i] == FITS and level - amount or min(level, 0)
        answer[place + 1] = level
        setRate(
            KEYS[key], level, answer[place + 2], answer[place + 3],
            state and state[1], state and state[2],
            tonumber(ARGV[at[i] + 4]), tonumber(ARGV[at[i] + 5]))
    elseif kind == "c" then
        answer[place + 1] = answer[place + 1] + call("ZADD", KEYS[key], deadline, id)
        call("PEXPIRE", KEYS[key], AFTER_WINDOW_MS + slackMs)
        if deadline < state[2] then
            setState(KEYS[state[1]], deadline, state[3], state[4], state[5], state[6])
        end
    else
        local held = state[1]
        if granted >= 0 and granted < amount then
            amount = granted
        end
        if held + amount <= MOST then
            local main, holds = KEYS[key - 1], KEYS[key]
            if deadline < state[2] then
                call("HSET", main, "held", held + amount, "h" .. id, amount, "due", deadline)
            else
                call("HSET", main, "held", held + amount, "h" .. id, amount)
            end
            hold(holds, "h" .. id, deadline, state[3], held == 0)
            keepMoney(main, holds, state[6], state[3])
            answer[place + 2] = answer[place + 2] + amount
        end
    end
end
answer[3] = granted
return answer
