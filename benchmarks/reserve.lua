-- One buyer after another wants the same two places of the hot event. The request is made once: wrk shares the machine.
local request_text

function init(arguments)
  wrk.headers["Content-Type"] = "application/json"
  request_text = wrk.format("POST", wrk.path, wrk.headers, arguments[1])
end

function request()
  return request_text
end

function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "mean_ms": %f, "p50_ms": %f, "p99_ms": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency.mean / 1e3, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status, failed.connect + failed.read + failed.write + failed.timeout))
end
