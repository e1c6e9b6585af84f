-- Sends requests that were prepared, one after the other: wrk shares the machine, so nothing is composed here.
local threads, requests, is_once = {}, {}, false
taken = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for one in file:read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = one end
  file:close()
  is_once = arguments[2] == "once"
end

function request()
  local place = taken
  taken = taken + 1
  return requests[is_once and math.min(place, #requests - 1) + 1 or place % #requests + 1]
end

function done(summary, latency, _)
  local failed, sent = summary.errors, 0
  for _, thread in ipairs(threads) do sent = sent + thread:get("taken") end
  io.write(string.format(
    '{"requests": %d, "sent": %d, "seconds": %f, "mean_ms": %f, "p50_ms": %f, "p99_ms": %f, "refused": %d, "broken": %d}\n',
    summary.requests, sent, summary.duration / 1e6, latency.mean / 1e3, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status, failed.connect + failed.read + failed.write + failed.timeout))
end
