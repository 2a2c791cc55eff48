-- Admission by one EVALSHA a call. What has ended is counted in the worker and handed back by its next call, or by a
-- timer where none comes.
local resty_redis = require('nginx.redis')
local sha1 = ngx.sha1_bin

local OUTPUT_TOKENS = 1000
local BYTES_PER_TOKEN = 4
local NANO_USD_PER_TOKEN = 400
local TIMEOUT_MILLIS = 1000
local IDLE_MILLIS = 60000
local POOL = 1024

local admission = {}
local limits, script, sha
local ended = 0

function admission.configure(given)
    limits = given
    local file = assert(io.open(given.script))
    script = file:read('*a')
    file:close()
    sha = sha1(script):gsub('.', function(c) return string.format('%02x', c:byte()) end)
end

local function run(calls, tokens)
    local redis = resty_redis:new()
    redis:set_timeout(TIMEOUT_MILLIS)
    local connected, failure = redis:connect(limits.host, limits.port)
    if not connected then
        return nil, failure
    end
    local handed = ended
    ended = 0
    local now = ngx.time()
    local day, minute = math.floor(now / 86400), math.floor(now / 60)
    local args = { 4, '{shop}usd:' .. day, '{shop}requests:' .. minute, '{shop}tokens:' .. minute, '{shop}at-once',
        string.format('%d', limits.nanoUsdPerDay), limits.requestsPerMinute, limits.tokensPerMinute, limits.atOnce,
        tokens * NANO_USD_PER_TOKEN, calls, tokens, calls, handed }
    local answer
    answer, failure = redis:evalsha(sha, unpack(args))
    if not answer and failure:find('NOSCRIPT', 1, true) then
        answer, failure = redis:eval(script, unpack(args))
    end
    if not answer then
        ended = ended + handed
        return nil, failure
    end
    redis:set_keepalive(IDLE_MILLIS, POOL)
    return answer
end

function admission.take()
    local bytes = tonumber(ngx.var.content_length) or 0
    local limit, failure = run(1, OUTPUT_TOKENS + math.ceil(bytes / BYTES_PER_TOKEN))
    if not limit then
        ngx.log(ngx.ERR, 'Redis: ', failure)
        return ngx.exit(503)
    end
    if limit ~= 0 then
        return ngx.exit(429)
    end
    ngx.ctx.taken = true
end

function admission.ended()
    if ngx.ctx.taken then
        ended = ended + 1
    end
end

function admission.start()
    ngx.timer.every(1, function()
        if ended > 0 then
            run(0, 0)
        end
    end)
end

return admission
