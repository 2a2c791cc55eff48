-- Keys that hold what nobody of us has put there, behind law.lua in the scripts that touch the
-- counters of many requests at once: one such key is in nobody else's way.
--
-- KEYS    none of its own
-- ARGV    none of its own
-- Result  none of its own: a function for the script that follows

-- Calls a function with what follows it; false where a key that it reads is foreign. Such an error
-- would come again for ever. Every step reads before it writes, so nothing of it was done. (Memory
-- that is full, a server that may not write, and the like end the script at its first write.)
local function passes(step, ...)
    local done, problem = pcall(step, ...)
    if done then
        return true
    end
    local text = type(problem) == "table" and problem.err or tostring(problem)
    for _, words in ipairs({ "WRONGTYPE", "attempt to", "bad argument" }) do
        if string.find(text, words, 1, true) then
            return false
        end
    end
    error(problem, 0)
end
