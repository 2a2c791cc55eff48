-- How counters stand. Takes nothing; charges overdue holds on the way, as every look at a counter
-- does. law.lua stands in front.
--
-- KEYS    the claims' keys, in the claims' order
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2.. the claims, as law.lua says; their amounts are not looked at
-- Result  outcome (0 read, 2 a window is not the present one), the time in microseconds, and for
--         each claim 0, x, y

local READ, WRONG_WINDOW = 0, 2

local now, nowMs = clock(ARGV[1])
local claims, present = parse(2, nowMs)
if not present then
    return { WRONG_WINDOW, now }
end
for _, c in ipairs(claims) do
    look(c, now, nowMs)
end
return answer(READ, now, claims)
