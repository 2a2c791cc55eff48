-- Decides which sidecar tells the world of a crossing: the first that asks, and the same again if
-- it asks again because it did not hear the answer. law.lua stands in front.
--
-- KEYS    1 the crossing
-- ARGV    1 microseconds since the epoch, 0 for Redis's own clock (anything else is for tests)
--         2 the sidecar that asks
--         3 the end of the budget's window in milliseconds
-- Result  1 for the sidecar that tells, 0 for every other

local px = min(tonumber(ARGV[3]) - nowMs + AFTER_WINDOW_MS, TOTAL_MS)
px = max(px, REMEMBER_MS) + slackMs
if call("SET", KEYS[1], ARGV[2], "NX", "PX", px) then
    return 1
end
return call("GET", KEYS[1]) == ARGV[2] and 1 or 0
