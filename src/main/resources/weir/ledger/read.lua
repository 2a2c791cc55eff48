-- How counters stand, and who holds leases. Takes nothing; charges overdue holds and ends overdue
-- leases on the way. law.lua and leases.lua stand in front.
--
-- KEYS    the claims' keys as law.lua says, for each rate and for slots its leases last
-- ARGV    1 the time
--         2 the number of keys that are strings
--         3.. the claims, as law.lua says, each followed by the units of one token (1 but for
--         rates); their amounts are not looked at
-- Result  outcome (0 read, 2 a window is not the present one), the time in microseconds, -1, and
--         for each claim 0, x, y, z as reserve.lua says; then for each claim the number of holders,
--         and for each holder amount, busy, milliseconds to the end of its lease, the length of its
--         name and the bytes of its name

local READ, WRONG_WINDOW = 0, 2

local answer, tail = { READ, now, -1 }, {}

-- Not by unpack, which ends at some thousand values.
local function add(to, values)
    for _, value in ipairs(values) do
        to[#to + 1] = value
    end
end

-- The fields of a hash that describe holders; prefix marks them, ends tells when a lease ends.
local function list(key, prefix, ends)
    local all, count = call("HGETALL", key), #tail + 1
    tail[count] = 0
    for i = 1, #all, 2 do
        local field = all[i]
        if field ~= "" and string.sub(field, 1, #prefix) == prefix then
            local _, amount, busy, _, last = string.match(all[i + 1], RECORD)
            if tonumber(amount) > 0 then
                local name = string.sub(field, #prefix + 1)
                tail[count] = tail[count] + 1
                add(tail, { amount + 0, busy + 0, max(0, ends(field, last) - nowMs), #name })
                add(tail, { string.byte(name, 1, -1) })
            end
        end
    end
end

local function its(_, last)
    return tonumber(last)
end

local s, k = 0, tonumber(ARGV[2])
local strings = k > 0 and call("MGET", unpack(KEYS, 1, k))
for a = 3, #ARGV, 2 do
    local kind, _, _, x, y, z = unpacked(CLAIM, ARGV[a])
    if kind == RATE then
        s, k = s + 1, k + 1
        local capacity, perMicro, perToken = y, z, tonumber(ARGV[a + 1])
        local level, at, out, lastEnd, recall, untilMs = rate(strings[s], capacity, perMicro)
        local left, _, _, _, changed = expireLeases(KEYS[k], out / perToken, 0)
        if changed then
            out = left * perToken
            setRate(KEYS[s], level, at, out, lastEnd, recall, untilMs, capacity, perMicro)
        end
        add(answer, { FITS, level, at, out })
        list(KEYS[k], "", its)
    elseif kind == SLOTS then
        s, k = s + 1, k + 2
        local count, out, busy, lastEnd, recall, due = slots(KEYS[k - 1], KEYS[s], strings[s])
        local leased, used, _, _, changed = expireLeases(KEYS[k], out, busy)
        out, busy = leased, used
        if changed then
            setState(KEYS[s], due, out, busy, lastEnd, recall)
        end
        add(answer, { FITS, count, busy, out - busy })
        list(KEYS[k], "", its)
    else
        k = k + 2
        local key, holds, startMs, endMs = KEYS[k - 1], KEYS[k], y, z
        if nowMs < startMs or nowMs >= endMs then
            return { WRONG_WINDOW, now, -1 }
        end
        local m = money(key, holds, endMs)
        add(answer, { FITS, m.spent, m.held + m.busy, m.out - m.busy })
        list(key, "l", function(field)
            return tonumber(call("ZSCORE", holds, field))
        end)
    end
end
add(answer, tail)
return answer
