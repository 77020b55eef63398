-- What wrk sends: METHOD KEYS VALUE_BYTES ORDER, where ORDER is `random`, or the number of the key that a
-- sequence begins with. Requests for up to MOST_PREPARED keys are made beforehand, so that wrk itself takes
-- little of the processors.
local MOST_PREPARED = 10000

local count = 0

function setup(thread)
  thread:set("number", count)
  count = count + 1
end

function init(args)
  local method, keys, bytes, order = args[1], tonumber(args[2]), tonumber(args[3]), args[4]
  local body = nil
  local headers = {}
  if method == "POST" then
    body = string.rep("0123456789abcdef", math.ceil(bytes / 16)):sub(1, bytes)
    headers["Content-Type"] = "application/octet-stream"
  end
  math.randomseed(1 + number)
  local following = tonumber(order)
  local function key()
    if not following then
      return math.random(0, keys - 1)
    end
    following = following + 1
    return (following - 1) % keys
  end
  local function make(k)
    return wrk.format(method, "/blobs/key-" .. k, headers, body)
  end
  if keys <= MOST_PREPARED then
    local prepared = {}
    for k = 0, keys - 1 do
      prepared[k] = make(k)
    end
    request = function() return prepared[key()] end
  else
    request = function() return make(key()) end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %.1f %.3f %d %d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000, summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
