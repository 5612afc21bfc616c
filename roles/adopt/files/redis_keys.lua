-- A line for each key of the database: its name, when it expires (-1: never), and a hash over its value.
local function joined(words, width)
  local parts = {}
  for i = 1, #words, width do
    local part = {}
    for j = i, i + width - 1 do part[#part + 1] = #words[j] .. ':' .. words[j] end
    parts[#parts + 1] = table.concat(part)
  end
  table.sort(parts)
  return table.concat(parts, ',')
end
local function flat(value)
  if type(value) ~= 'table' then return tostring(value) end
  local parts = {}
  for _, inner in ipairs(value) do
    local text = flat(inner)
    parts[#parts + 1] = #text .. ':' .. text
  end
  return table.concat(parts, ',')
end
local readers = {
  string = function(key) return redis.call('GET', key) end,
  list = function(key) return flat(redis.call('LRANGE', key, 0, -1)) end,
  set = function(key) return joined(redis.call('SMEMBERS', key), 1) end,
  hash = function(key) return joined(redis.call('HGETALL', key), 2) end,
  zset = function(key) return joined(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), 2) end,
  stream = function(key)
    return flat(redis.call('XRANGE', key, '-', '+')) .. flat(redis.call('XINFO', 'GROUPS', key))
  end,
}
local lines = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local value = readers[kind] and readers[kind](key) or redis.call('DUMP', key)
  local name = key:gsub('.', function(c) return string.format('%02x', c:byte()) end)
  lines[#lines + 1] = name .. ' ' .. redis.call('PEXPIRETIME', key) .. ' ' .. redis.sha1hex(kind .. value)
end
return lines
